using System.Collections.Immutable;

namespace Snakepit.Measurement.Runs;

/// <summary>What was measured, of which revision, on which machine.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Id">The run's name: its UTC start, sortable.</param>
/// <param name="Commit">The candidate's revision; empty outside a git work tree.</param>
/// <param name="Dirty">True if the work tree differed from it.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="LoadBefore">The one-minute load average when it began.</param>
/// <param name="LoadAfter">The one-minute load average when it ended.</param>
/// <param name="Scenarios">What was measured.</param>
public sealed record RunResult(
    int Schema,
    string Id,
    string Commit,
    bool Dirty,
    MachineProfile Machine,
    double LoadBefore,
    double LoadAfter,
    ImmutableArray<ScenarioResult> Scenarios)
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentSchema = 2;
}
