using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

/// <summary>Whether an absolute target holds.</summary>
public enum TargetOutcome
{
    /// <summary>It is not certain that the limit is missed.</summary>
    Holds,

    /// <summary>The candidate is certainly beyond the limit, and the pin is not, or there is none.</summary>
    Missed,

    /// <summary>The pin is beyond the limit as well: the machine cannot tell.</summary>
    MachineUnfit,
}

/// <summary>The verdict on a must-not-regress target.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Explanation">One sentence with every figure involved.</param>
public sealed record TargetVerdict(TargetOutcome Outcome, string Explanation)
{
    /// <summary>Compares the better bound of each side's centre over the rounds with the limit.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="must">The limit, in the metric's unit.</param>
    /// <param name="level">The largest probability that a bound errs.</param>
    public static TargetVerdict Of(MetricResult result, double must, double level)
    {
        var (candidate, pin) = (BetterBound(result, result.Candidate, level), result.IsPaired ? BetterBound(result, result.Pin, level) : (double?)null);
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
        var figures = $"{result.Key} must be {sign} {Figure.Of(must)} {result.Unit}; median {Figure.Of(result.Sample.Median)}, at best {Figure.Of(candidate)}";
        return new TargetVerdict(outcome, $"{prefix}{figures}{(pin is { } bound ? $"; the pin in the same rounds at best {Figure.Of(bound)}" : "")}");
    }

    /// <summary>The bound of the centre on its good side: it is better than this with at most the probability <paramref name="level"/>.</summary>
    private static double BetterBound(MetricResult result, IReadOnlyCollection<double> rounds, double level)
    {
        var estimate = Estimate.Of([.. rounds.Select(value => Math.Log(value))], level);
        return Math.Exp(result.Worse == Worse.Higher ? estimate.Lower : estimate.Upper);
    }
}
