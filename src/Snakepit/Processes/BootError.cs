using Snakepit.Contracts.Exceptions;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>Why a Python process did not become ready.</summary>
internal static class BootError
{
    // snakepit_worker/boot/failure.py: the process has reported why it ends, or had no protobuf to report with.
    private const int ExitReported = 71;
    private const int ExitUnreported = 72;

    /// <summary>True if the process has left a report on its control channel, which may not even have been accepted yet.</summary>
    public static bool IsReported(int? exitCode) => exitCode == ExitReported;

    public static PoolStartException From(BootFailure? failure, ProcessExit exit, string what, SnakepitOptions options, string interpreter) => failure switch
    {
        { Kind: BootFailure.Types.Kind.RuntimeMissing } => PythonRequirements.NotMet(interpreter, failure.Message, options.Transport),
        not null => new AdapterException(options.Adapter, failure.Message, failure.Traceback),
        null when exit.ExitCode == ExitUnreported => PythonRequirements.NotMet(
            interpreter, string.Join(Environment.NewLine, exit.LastOutput), options.Transport),
        null => new WorkerStartException(what, exit),
    };

    /// <summary>The time is up: asks the process for its Python stack, which ends it, and returns the error that shows it.</summary>
    public static async Task<StartTimeoutException> TimedOutAsync(
        Action<int> signal, Task<ProcessExit> exited, Func<IReadOnlyList<string>> lastOutput, string what, SnakepitOptions options)
    {
        signal(Signals.ShowStackAndEnd);
        await exited.EndsWithinAsync(TimeSpan.FromSeconds(1));
        signal(Signals.Kill);
        var stack = lastOutput().SkipWhile(line => !line.Contains("(most recent call first)", StringComparison.Ordinal));
        return new StartTimeoutException(options.StartTimeout, what, string.Join(Environment.NewLine, stack));
    }
}
