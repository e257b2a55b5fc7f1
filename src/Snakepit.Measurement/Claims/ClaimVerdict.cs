using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Claims;

/// <summary>A claim and what the rounds say about it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Metric">The metric that the claim is about.</param>
/// <param name="Other">The metric that it is compared with; null if it is compared with a limit.</param>
/// <param name="Factor">The logarithm of how many times better the metric is, with exact bounds; null if it was not measured.</param>
/// <param name="Outcome">Whether the claim holds.</param>
public sealed record ClaimVerdict(Claim Claim, MetricResult Metric, MetricResult? Other, Estimate? Factor, ClaimOutcome Outcome)
{
    /// <summary>Judges a claim by the rounds of a session. A pure function of its arguments.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">A session in which only the candidate was measured.</param>
    /// <param name="level">The error probability of each bound (one-sided).</param>
    /// <exception cref="KeyNotFoundException">The session has no metric of that name.</exception>
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
