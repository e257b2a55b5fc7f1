using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;

namespace Snakepit.Benchmarks.Validation;

/// <summary>How one session of a trial came out.</summary>
/// <param name="Trial">The name of the trial.</param>
/// <param name="Outcome">The outcome of the scenario.</param>
/// <param name="Regressed">The metrics whose regression was confirmed, the worst first, each with its size.</param>
/// <param name="Missed">The metrics that missed a target which must hold.</param>
/// <param name="Inconclusive">The metrics that were not decided.</param>
/// <param name="Problems">Why the measurement could not be trusted.</param>
/// <param name="Amount">The size of the fault, in the unit of its kind.</param>
/// <param name="Revision">The commit that both sides were built from.</param>
/// <param name="Machine">The machine's profile.</param>
/// <param name="Seconds">How long the session took.</param>
internal sealed record TrialOutcome(
    string Trial,
    GateOutcome Outcome,
    ImmutableArray<string> Regressed,
    ImmutableArray<string> Missed,
    ImmutableArray<string> Inconclusive,
    ImmutableArray<string> Problems,
    double Amount,
    string Revision,
    string Machine,
    double Seconds)
{
    /// <summary>False if the session could not be measured. Then it is kept in the record, and repeated.</summary>
    [JsonIgnore]
    public bool HasVerdict => Outcome is not (GateOutcome.Broken or GateOutcome.NotComparable);

    /// <summary>The outcome of a session with these verdicts.</summary>
    public static TrialOutcome Of(
        Trial trial, ScenarioVerdict verdict, double amount, string revision, string machine, TimeSpan elapsed) => new(
        trial.Name,
        verdict.Outcome,
        [.. verdict.Regressed.Select(WithSize)],
        [.. verdict.WithTarget(TargetOutcome.Missed).Select(metric => metric.Key)],
        [.. verdict.WithOutcome(MetricOutcome.Inconclusive).Select(WithSize)],
        [.. verdict.Problems],
        Math.Round(amount, 1),
        revision,
        machine,
        Math.Round(elapsed.TotalSeconds));

    private static string WithSize(MetricVerdict metric) =>
        metric.Change is { } change ? $"{metric.Key} {ReportRow.Percent(change.Value)}" : metric.Key;
}
