using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;

namespace Snakepit.Benchmarks.Validation;

/// <summary>The outcome of one measurement session of a trial.</summary>
/// <param name="Trial">The name of the trial.</param>
/// <param name="Outcome">The overall outcome of the scenario in this session.</param>
/// <param name="Regressed">The metrics whose regression was confirmed, the worst first, each with its size.</param>
/// <param name="Missed">The metrics that missed a target which must hold.</param>
/// <param name="Inconclusive">The metrics that have no verdict.</param>
/// <param name="Problems">The reasons why the measurement cannot be trusted; empty if it can.</param>
/// <param name="Amount">The size of the injected fault, in the unit of its kind of fault.</param>
/// <param name="Revision">The commit that both sides were built from.</param>
/// <param name="Machine">The profile of the machine.</param>
/// <param name="Seconds">The duration of the session, in seconds.</param>
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
    /// <summary>Is false if the session could not be measured. The record keeps such a session, and the session is repeated.</summary>
    [JsonIgnore]
    public bool HasVerdict => Outcome is not (GateOutcome.Broken or GateOutcome.NotComparable);

    /// <summary>
    /// The metric that the session names first, with its size: the worst of those that regressed, or else one that missed a target which
    /// must hold; null if the session found nothing.
    /// </summary>
    [JsonIgnore]
    public string? NamedFirst => Regressed.Concat(Missed).FirstOrDefault();

    /// <summary>Summarises a session with the verdicts on its metrics.</summary>
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
