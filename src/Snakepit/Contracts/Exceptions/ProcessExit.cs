using System.Globalization;

namespace Snakepit.Contracts.Exceptions;

/// <summary>Describes how a process ended: by itself with an exit code, or by a signal.</summary>
/// <param name="ExitCode">The exit code of the process; null if a signal ended the process.</param>
/// <param name="Signal">The number of the signal that ended the process; null if the process exited by itself.</param>
/// <param name="LastOutput">The last lines that the process printed, oldest first.</param>
internal sealed record ProcessExit(int? ExitCode, int? Signal, IReadOnlyList<string> LastOutput)
{
    private const int LongestQuoted = 400; // characters
    private const int SigKill = 9;

    /// <summary>
    /// Who has sent SIGKILL and why, as the end of a sentence; null if that is not known, or if another signal has ended the process.
    /// </summary>
    public string? Killer { get; init; }

    /// <summary>The last output as a message quotes it. <see cref="LastOutput"/> has more of a long line.</summary>
    public string QuotedOutput => Quoted(LastOutput);

    /// <summary>
    /// Joins lines that a process has printed for a message. Long lines are shortened, because a message may be logged or shown many times.
    /// </summary>
    public static string Quoted(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines.Select(Quoted));

    /// <summary>Shortens a line that a process has printed for a message.</summary>
    public static string Quoted(string line)
    {
        if (line.Length <= LongestQuoted)
        {
            return line;
        }

        var shown = char.IsHighSurrogate(line[LongestQuoted - 1]) ? LongestQuoted - 1 : LongestQuoted; // both halves, or none
        return string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, shown)}… ({line.Length - shown:N0} more characters)");
    }

    /// <summary>
    /// Reads a worker's exit status as the template process reports it: an exit code, or the signal as a negative number.
    /// </summary>
    public static ProcessExit FromStatus(int status, IReadOnlyList<string> lastOutput) =>
        status < 0 ? new ProcessExit(null, -status, lastOutput) : new ProcessExit(status, null, lastOutput);

    /// <summary>
    /// Reads an exit code as .NET reports it: signal n becomes exit code 128 + n. Exit codes from 129 to 192 are therefore taken for
    /// signals, whose numbers end at 64.
    /// </summary>
    public static ProcessExit FromExitCode(int exitCode, IReadOnlyList<string> lastOutput) =>
        exitCode is > 128 and <= 128 + 64 ? new ProcessExit(null, exitCode - 128, lastOutput) : new ProcessExit(exitCode, null, lastOutput);

    public override string ToString() => this switch
    {
        { Signal: SigKill, Killer: { } killer } => $"signal {SigKill}, SIGKILL: {killer}",
        { Signal: { } signal } => $"signal {signal}{NameOf(signal)}",
        _ => $"exit code {ExitCode}",
    };

    private static string NameOf(int signal) => signal switch
    {
        1 => ", SIGHUP",
        2 => ", SIGINT",
        3 => ", SIGQUIT",
        4 => ", SIGILL",
        5 => ", SIGTRAP",
        6 => ", SIGABRT",
        7 => ", SIGBUS",
        8 => ", SIGFPE",
        SigKill => ", SIGKILL: sent by the kernel's out-of-memory killer, by this pool, or by another program",
        10 => ", SIGUSR1",
        11 => ", SIGSEGV",
        12 => ", SIGUSR2",
        13 => ", SIGPIPE",
        14 => ", SIGALRM",
        15 => ", SIGTERM",
        24 => ", SIGXCPU: it has used more CPU time than its limit (SnakepitOptions.Limits.CpuTime, or ulimit -t) allows",
        25 => ", SIGXFSZ: it has made a file larger than its limit RLIMIT_FSIZE (ulimit -f) allows",
        31 => ", SIGSYS: a filter of the system (seccomp) forbids a call to the kernel",
        _ => "",
    };
}
