using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>Whether a metric meets a limit that it must meet.</summary>
public enum TargetOutcome
{
    /// <summary>The candidate meets the limit, or the measurements do not prove that it misses the limit.</summary>
    Holds,

    /// <summary>The candidate certainly misses the limit, and the pin does not, or was not measured.</summary>
    Missed,

    /// <summary>The pin misses the limit too, so the machine is too slow or too busy for this target.</summary>
    MachineUnfit,
}

/// <summary>The verdict on a limit that a metric must meet, also called its target.</summary>
/// <param name="Outcome">Whether the limit is met.</param>
/// <param name="Explanation">One sentence with all figures.</param>
public sealed record TargetVerdict(TargetOutcome Outcome, string Explanation)
{
    /// <summary>
    /// Compares the candidate and the pin with the limit. For each side, the better one of the two bounds of its centre over the rounds is
    /// compared, so that a limit counts as missed only if the miss is certain.
    /// </summary>
    /// <param name="result">The measured values.</param>
    /// <param name="must">The limit, in the unit of the metric.</param>
    /// <param name="level">The error probability of each bound (one-sided).</param>
    public static TargetVerdict Of(MetricResult result, double must, double level)
    {
        var candidate = BetterBound(result, result.Candidate, level);
        var pin = result.IsPaired ? BetterBound(result, result.Pin, level) : (double?)null;
        var metric = result.Metric;
        var outcome = !metric.IsBeyond(candidate, must) ? TargetOutcome.Holds
            : pin is { } other && metric.IsBeyond(other, must) ? TargetOutcome.MachineUnfit
            : TargetOutcome.Missed;
        var prefix = outcome switch
        {
            TargetOutcome.Missed => "target missed: ",
            TargetOutcome.MachineUnfit => "machine unfit: ",
            _ => "",
        };
        var sign = result.Worse == Worse.Higher ? "<" : ">";
        var figures = $"{result.Key} must be {sign} {ShortNumber.Format(must)} {result.Unit}; "
            + $"median {ShortNumber.Format(result.Sample.Median)}, at best {ShortNumber.Format(candidate)}";
        var beside = pin is { } bound ? $"; the pin in the same rounds at best {ShortNumber.Format(bound)}" : "";
        return new TargetVerdict(outcome, $"{prefix}{figures}{beside}");
    }

    /// <summary>
    /// Returns the bound of the centre on its better side: the true centre is better than this bound with at most the probability
    /// <paramref name="level"/>.
    /// </summary>
    private static double BetterBound(MetricResult result, IReadOnlyCollection<double> rounds, double level)
    {
        var estimate = Estimate.Of([.. rounds.Select(value => Math.Log(value))], level);
        return Math.Exp(result.Worse == Worse.Higher ? estimate.Lower : estimate.Upper);
    }
}
