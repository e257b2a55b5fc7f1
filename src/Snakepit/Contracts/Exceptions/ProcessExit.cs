namespace Snakepit.Contracts.Exceptions;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; null if a signal ended it.</param>
/// <param name="Signal">The signal that ended it; null if it exited by itself.</param>
/// <param name="LastOutput">The last lines that it printed, oldest first.</param>
internal sealed record ProcessExit(int? ExitCode, int? Signal, IReadOnlyList<string> LastOutput)
{
    /// <summary>Reads a status as a template reports it: an exit code, or a signal as a negative number.</summary>
    public static ProcessExit FromStatus(int status, IReadOnlyList<string> lastOutput) =>
        status < 0 ? new ProcessExit(null, -status, lastOutput) : new ProcessExit(status, null, lastOutput);

    /// <summary>Reads an exit code as .NET reports it: signal n is 128 + n. Exit codes above 128 therefore look like signals.</summary>
    public static ProcessExit FromExitCode(int exitCode, IReadOnlyList<string> lastOutput) =>
        exitCode > 128 ? new ProcessExit(null, exitCode - 128, lastOutput) : new ProcessExit(exitCode, null, lastOutput);

    public override string ToString() => Signal is { } signal ? $"signal {signal}{NameOf(signal)}" : $"exit code {ExitCode}";

    private static string NameOf(int signal) => signal switch
    {
        4 => ", SIGILL",
        6 => ", SIGABRT",
        7 => ", SIGBUS",
        9 => ", SIGKILL: sent by the kernel's out-of-memory killer, by this pool, or by another program",
        11 => ", SIGSEGV",
        12 => ", SIGUSR2",
        15 => ", SIGTERM",
        _ => "",
    };
}
