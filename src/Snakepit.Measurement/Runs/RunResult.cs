using System.Collections.Immutable;

namespace Snakepit.Measurement.Runs;

/// <summary>The results of one run of the suite: the measured values, the revision, and the machine.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Id">The name of the run: its start in UTC, in a form that sorts by time.</param>
/// <param name="Commit">The revision of the candidate; empty outside a git working tree.</param>
/// <param name="Dirty">True if the working tree had changes that are not in that revision.</param>
/// <param name="Machine">The machine and its software.</param>
/// <param name="LoadBefore">The one-minute load average at the start.</param>
/// <param name="LoadAfter">The one-minute load average at the end.</param>
/// <param name="Scenarios">The measured scenarios.</param>
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
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const int CurrentSchema = 2;
}
