using Snakepit.Contracts.Exceptions;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>Creates the exception that says why a Python process did not become ready.</summary>
internal static class BootError
{
    // Exit codes of snakepit_worker/boot/failure.py. With the first, the process has reported on its control channel why it failed. With
    // the second, it could not send a report, because the protobuf package is missing.
    private const int ExitReported = 71;
    private const int ExitUnreported = 72;

    // Another exit code of that file: the adapter has closed what leads to the host, so that perhaps nothing could be printed.
    private const int ExitCutOff = 74;

    // The exit code of snakepit_worker/process/exit.py for a process that a limit of the system has ended. Its last line says which.
    private const int ExitSystemLimit = 73;

    /// <summary>
    /// Returns true if the exit code says that the process has sent a report on its control channel. The listener may not have accepted
    /// that channel yet.
    /// </summary>
    public static bool IsReported(int? exitCode) => exitCode == ExitReported;

    /// <param name="failure">The failure that the process has reported; null if it has sent no report.</param>
    /// <param name="exit">The exit code or signal and the last output of the process.</param>
    /// <param name="what">The name of the process at the beginning of a sentence, such as "Worker 3".</param>
    /// <param name="launch">The settings with which the process was launched.</param>
    public static PoolStartException From(BootFailure? failure, ProcessExit exit, string what, PythonLaunch launch) => failure switch
    {
        { Kind: BootFailure.Types.Kind.RuntimeMissing } =>
            launch.Requirements.NotMet(launch.Interpreter, failure.Message, Explanation(launch, failure)),
        not null => new AdapterException(
            launch.Adapter, failure.Message + Explanation(launch, failure), StartFailure.AdviceOn(failure.Message), failure.Traceback),
        null when exit.ExitCode == ExitUnreported => Unimportable(exit, launch),
        null when exit.ExitCode == ExitSystemLimit => Limited(exit, what),
        null when HintOnDescriptors(exit) is { Length: > 0 } hint => new WorkerStartException(what, exit, hint),
        null => new WorkerStartException(what, exit, HintOnHome(exit) + ShadowingFiles.ExplainUnreported(launch, Printed(exit))),
    };

    /// <summary>Creates the exception for a process that has listened, but broke its connection before it was ready.</summary>
    public static PoolStartException Broken(Exception failure, ProcessExit exit, string what, PythonLaunch launch) =>
        exit.ExitCode == ExitSystemLimit
            ? Limited(exit, what)
            : new WorkerStartException(what, exit, $" {failure.Message}{ShadowingFiles.Explain(launch, Printed(exit))}");

    private static SystemLimitException Limited(ProcessExit exit, string what) =>
        StartFailure.OfPython(what, exit.LastOutput is [.., var last] ? ProcessExit.Quoted(last) : "a limit is reached");

    private static PythonRuntimeException Unimportable(ProcessExit exit, PythonLaunch launch)
    {
        var certain = ShadowingFiles.Explain(launch, Printed(exit));
        var perhaps = certain.Length == 0 ? ShadowingFiles.Guess(launch) : "";
        return launch.Requirements.NotMet(launch.Interpreter, exit.QuotedOutput + perhaps, certain);
    }

    private static string Printed(ProcessExit exit) => string.Join(Environment.NewLine, exit.LastOutput);

    /// <summary>Explains a start that has failed because Python does not find its own modules, and has printed where it looks.</summary>
    private static string HintOnHome(ProcessExit exit)
    {
        const string Home = "PYTHONHOME = '";
        return exit.LastOutput.FirstOrDefault(line => line.Contains(Home, StringComparison.Ordinal)) is { } line
            ? $" Python does not find its own modules where the environment variable {ProcessExit.Quoted(line.Trim())} says: unset or "
                + "correct the variable."
            : "";
    }

    private static string Explanation(PythonLaunch launch, BootFailure failure) =>
        ShadowingFiles.Explain(launch, $"{failure.Message}{Environment.NewLine}{failure.Traceback}");

    /// <summary>Tells what the process could not print if its adapter has closed everything to which it could print.</summary>
    private static string HintOnDescriptors(ProcessExit exit)
    {
        const string Reason = "has closed file descriptors that it has not opened";
        return exit.ExitCode == ExitCutOff && !Printed(exit).Contains(Reason, StringComparison.Ordinal)
            ? $" The adapter {Reason} (perhaps with os.closerange), and with them the connection to the pool and its log: "
                + "close only what the adapter has opened."
            : "";
    }

    /// <summary>
    /// Ends a process that has exceeded the start timeout. Makes the process print its Python stack before it ends, and returns an
    /// exception that contains the stack.
    /// </summary>
    public static async Task<StartTimeoutException> TimedOutAsync(
        Action<int> signal, Task<ProcessExit> exited, Func<IReadOnlyList<string>> lastOutput, string what, TimeSpan startTimeout)
    {
        signal(Signals.ShowStackAndEnd);
        await exited.EndsWithinAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        signal(Signals.Kill);
        var stack = lastOutput().SkipWhile(line => !line.Contains("(most recent call first)", StringComparison.Ordinal));
        return new StartTimeoutException(startTimeout, what, ProcessExit.Quoted(stack));
    }
}
