using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>
/// What is said of a metric: that it is so many times better than another one of the same rounds, or within a limit. Or nothing, and the two are
/// only put side by side.
/// </summary>
/// <param name="What">What is compared, in a few words.</param>
/// <param name="Metric">The metric that it is about.</param>
public sealed record Claim(string What, string Metric)
{
    /// <summary>The metric that it is compared with, measured in the same rounds; null if it is held against <see cref="Limit"/>.</summary>
    public string? Other { get; init; }

    /// <summary>What it is held against, in the metric's unit; null if there is <see cref="Other"/>.</summary>
    public double? Limit { get; init; }

    /// <summary>How many times better it is at least; null if nothing is claimed.</summary>
    public double? AtLeast { get; init; }

    /// <summary>A metric beside another one, of which it is claimed to be so many times better, or nothing.</summary>
    public static Claim Beside(string what, string metric, string other, double? atLeast = null) =>
        new(what, metric) { Other = other, AtLeast = atLeast };

    /// <summary>A metric that is claimed to be within a limit.</summary>
    public static Claim Within(string what, string metric, double limit) => new(what, metric) { Limit = limit, AtLeast = 1 };
}

/// <summary>What became of a claim.</summary>
public enum ClaimOutcome
{
    /// <summary>Nothing was claimed.</summary>
    Told,

    /// <summary>It is certainly so.</summary>
    Holds,

    /// <summary>It is certainly not so.</summary>
    Fails,

    /// <summary>The bounds allow both.</summary>
    Undecided,

    /// <summary>One of its metrics was not measured, or not in the same rounds.</summary>
    NotMeasured,
}

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
