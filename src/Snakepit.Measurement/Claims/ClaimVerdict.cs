using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Claims;

/// <summary>A claim beside what was measured.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Metric">The metric that it is about.</param>
/// <param name="Other">The metric that it is compared with; null if it is held against a limit.</param>
/// <param name="Factor">ln of how many times better the metric is, with exact bounds; null if it was not measured.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record ClaimVerdict(Claim Claim, MetricResult Metric, MetricResult? Other, Estimate? Factor, ClaimOutcome Outcome)
{
    /// <summary>Judges a claim by the rounds of a session. Pure.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">The session, which measured the candidate alone.</param>
    /// <param name="level">The largest probability that a bound errs, on either side.</param>
    /// <exception cref="KeyNotFoundException">The session knows no metric of that name.</exception>
    public static ClaimVerdict Of(Claim claim, ScenarioResult result, double level)
    {
        var (metric, other) = (result[claim.Metric], claim.Other is { } name ? result[name] : null);
        var rounds = metric.Candidate.Length;
        if (rounds == 0 || (other is not null && other.Candidate.Length != rounds))
        {
            return new ClaimVerdict(claim, metric, other, null, ClaimOutcome.NotMeasured);
        }

        var sign = metric.Worse == Worse.Higher ? -1 : 1;
        var factor = Estimate.Of(
            [.. metric.Candidate.Select((value, round) => sign * Math.Log(value / (other?.Candidate[round] ?? claim.Limit ?? 1)))], level);
        return new ClaimVerdict(claim, metric, other, factor, OutcomeOf(factor, claim.AtLeast));
    }

    private static ClaimOutcome OutcomeOf(Estimate factor, double? atLeast) => atLeast is not { } least ? ClaimOutcome.Told
        : factor.Lower >= Math.Log(least) ? ClaimOutcome.Holds
        : factor.Upper < Math.Log(least) ? ClaimOutcome.Fails
        : ClaimOutcome.Undecided;
}
