namespace Snakepit.Contracts.Exceptions;

/// <summary>How a process ended: by itself with a code, or by a signal; and what it printed last.</summary>
internal sealed record ProcessExit(int? ExitCode, int? Signal, IReadOnlyList<string> LastOutput)
{
    /// <summary>Reads a status as templates report it: an exit code, or minus a signal.</summary>
    public static ProcessExit FromStatus(int status, IReadOnlyList<string> lastOutput) =>
        status < 0 ? new ProcessExit(null, -status, lastOutput) : new ProcessExit(status, null, lastOutput);

    /// <summary>Reads an exit code as .NET reports it: a signal is 128 and more, which an exit code of that size cannot be told from.</summary>
    public static ProcessExit FromExitCode(int exitCode, IReadOnlyList<string> lastOutput) =>
        exitCode > 128 ? new ProcessExit(null, exitCode - 128, lastOutput) : new ProcessExit(exitCode, null, lastOutput);

    public override string ToString() => Signal is { } signal ? $"signal {signal}{NameOf(signal)}" : $"exit code {ExitCode}";

    private static string NameOf(int signal) => signal switch
    {
        4 => ", SIGILL",
        6 => ", SIGABRT",
        7 => ", SIGBUS",
        9 => ", SIGKILL: the kernel's out-of-memory killer, this pool, or somebody else",
        11 => ", SIGSEGV",
        12 => ", SIGUSR2",
        15 => ", SIGTERM",
        _ => "",
    };
}
