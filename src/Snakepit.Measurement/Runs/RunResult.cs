using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Runs;

/// <summary>The results of one run of the suite: the measured values, the commit, and the machine.</summary>
/// <param name="Schema">The version of the file format.</param>
/// <param name="Id">The name of the run: its start in UTC, in a form that sorts by time.</param>
/// <param name="Commit">The commit of the candidate; empty outside a git working tree.</param>
/// <param name="Dirty">Whether the working tree had changes that are not in that commit.</param>
/// <param name="Machine">The machine on which the suite ran, and its software.</param>
/// <param name="LoadBefore">The one-minute load average of the machine at the start of the run.</param>
/// <param name="LoadAfter">The one-minute load average of the machine at the end of the run.</param>
/// <param name="Scenarios">The sessions of the measured scenarios.</param>
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

    /// <summary>Returns the name of a run that begins at a time.</summary>
    public static string IdAt(DateTimeOffset begin) =>
        begin.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A scenario or a metric of a scenario that is there twice; null if there is none.</summary>
    [JsonIgnore]
    public string? NamedTwice => RepeatedIn(Scenarios.Select(scenario => scenario.Scenario))
        ?? Scenarios.Select(scenario => scenario.NamedTwice).FirstOrDefault(name => name is not null);

    /// <summary>Returns a name that is in a list more than once; null if there is none.</summary>
    internal static string? RepeatedIn(IEnumerable<string> names)
    {
        var known = new HashSet<string>();
        return names.FirstOrDefault(name => !known.Add(name));
    }
}
