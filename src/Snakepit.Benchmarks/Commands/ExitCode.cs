namespace Snakepit.Benchmarks.Commands;

/// <summary>What the exit codes of every verb mean.</summary>
internal static class ExitCode
{
    public const int Pass = 0;
    public const int Regression = 1;
    public const int NotComparable = 2;
    public const int MachineUnfit = 3;
}
