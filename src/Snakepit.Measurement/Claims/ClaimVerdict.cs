using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Claims;

/// <summary>A claim of a study, and the verdict of the measured rounds on it.</summary>
/// <param name="Claim">The claim of the study.</param>
/// <param name="Metric">The metric that the claim is about.</param>
/// <param name="Other">The metric that the claimed one is compared with; null if it is compared with a limit.</param>
/// <param name="Factor">
/// The logarithm of the factor by which the metric is better, with exact bounds; null if the metrics were not measured in the same rounds.
/// </param>
/// <param name="Outcome">Whether the claim holds.</param>
public sealed record ClaimVerdict(Claim Claim, MetricResult Metric, MetricResult? Other, Estimate? Factor, ClaimOutcome Outcome)
{
    /// <summary>Judges a claim by the rounds of a session. The result depends only on the arguments.</summary>
    /// <param name="claim">The claim of the study.</param>
    /// <param name="result">A session in which only the candidate was measured.</param>
    /// <param name="level">The error probability of each bound (one-sided).</param>
    /// <exception cref="KeyNotFoundException">The session lacks a metric that the claim names.</exception>
    public static ClaimVerdict Of(Claim claim, ScenarioResult result, double level)
    {
        var (metric, other) = (result[claim.Metric], claim.Other is { } name ? result[name] : null);
        var rounds = metric.Candidate.Length;
        if (rounds == 0 || (other is not null && other.Candidate.Length != rounds))
        {
            return new ClaimVerdict(claim, metric, other, null, ClaimOutcome.NotMeasured);
        }

        var sign = metric.Worse == Worse.Higher ? -1 : 1;
        double[] logarithms =
            [.. metric.Candidate.Select((value, round) => sign * Math.Log(value / (other?.Candidate[round] ?? claim.Limit ?? 1)))];
        var factor = Estimate.Of(logarithms, level);
        return new ClaimVerdict(claim, metric, other, factor, OutcomeOf(factor, claim.AtLeast));
    }

    private static ClaimOutcome OutcomeOf(Estimate factor, double? atLeast) => atLeast is not { } least ? ClaimOutcome.NotClaimed
        : factor.Lower >= Math.Log(least) ? ClaimOutcome.Holds
        : factor.Upper < Math.Log(least) ? ClaimOutcome.Fails
        : ClaimOutcome.Undecided;
}
