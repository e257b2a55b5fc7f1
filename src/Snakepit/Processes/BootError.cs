using Snakepit.Contracts.Exceptions;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>Makes the exception that says why a Python process did not become ready.</summary>
internal static class BootError
{
    // Exit codes of snakepit_worker/boot/failure.py: the process has sent a report of the reason, or lacks the protobuf package to send one with.
    private const int ExitReported = 71;
    private const int ExitUnreported = 72;

    /// <summary>True if the process has sent a report on its control channel, which may not have been accepted yet.</summary>
    public static bool IsReported(int? exitCode) => exitCode == ExitReported;

    /// <param name="failure">The report of the process, if it has sent one.</param>
    /// <param name="exit">How the process ended.</param>
    /// <param name="what">What the process is, to begin a sentence with.</param>
    /// <param name="launch">How it was launched.</param>
    public static PoolStartException From(BootFailure? failure, ProcessExit exit, string what, PythonLaunch launch) => failure switch
    {
        { Kind: BootFailure.Types.Kind.RuntimeMissing } => launch.Requirements.NotMet(launch.Interpreter, failure.Message),
        not null => new AdapterException(launch.Adapter, failure.Message, failure.Traceback),
        null when exit.ExitCode == ExitUnreported =>
            launch.Requirements.NotMet(launch.Interpreter, string.Join(Environment.NewLine, exit.LastOutput)),
        null => new WorkerStartException(what, exit),
    };

    /// <summary>
    /// After the start timeout: makes the process print its Python stack and end, and returns the exception with that stack.
    /// </summary>
    public static async Task<StartTimeoutException> TimedOutAsync(
        Action<int> signal, Task<ProcessExit> exited, Func<IReadOnlyList<string>> lastOutput, string what, TimeSpan startTimeout)
    {
        signal(Signals.ShowStackAndEnd);
        await exited.EndsWithinAsync(TimeSpan.FromSeconds(1));
        signal(Signals.Kill);
        var stack = lastOutput().SkipWhile(line => !line.Contains("(most recent call first)", StringComparison.Ordinal));
        return new StartTimeoutException(startTimeout, what, string.Join(Environment.NewLine, stack));
    }
}
