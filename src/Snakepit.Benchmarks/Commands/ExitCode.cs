namespace Snakepit.Benchmarks.Commands;

/// <summary>What the exit codes of every verb mean.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Pass = 0;

    /// <summary>Something regressed, or a target is missed.</summary>
    public const int Regression = 1;

    /// <summary>The gate is broken, or there is nothing to compare with, or the command line is wrong.</summary>
    public const int Broken = 2;

    /// <summary>The machine is unfit, or the verdict inconclusive.</summary>
    public const int MachineUnfit = 3;
}
