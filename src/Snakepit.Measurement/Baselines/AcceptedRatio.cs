using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Baselines;

/// <summary>The accepted ratio of one metric: candidate divided by pin.</summary>
/// <param name="Unit">The unit of the metric.</param>
/// <param name="Worse">The direction in which the metric gets worse.</param>
/// <param name="Ratio">Candidate divided by pin.</param>
/// <param name="Bounds">The lower and the upper bound of the ratio.</param>
/// <param name="Rounds">The number of rounds that it was estimated from; 0 if it is 1 because the pin itself was accepted.</param>
/// <param name="Sessions">The number of sessions in which those rounds were measured.</param>
public sealed record AcceptedRatio(string Unit, Worse Worse, double Ratio, ImmutableArray<double> Bounds, int Rounds, int Sessions)
{
    private const int Digits = 4;
    private const double Level = 0.00125;

    // A normal variable is further from its mean than this many standard deviations with probability 0.125 % on each side, the level of the
    // bounds.
    private const double DeviationsOfBounds = 3.02;

    // Few rounds give infinite bounds, which JSON cannot hold; e^±10 is as good as infinite for a ratio.
    private const double LargestLogarithm = 10;

    /// <summary>The standard error of the logarithm of the ratio within its sessions, derived from the width of its bounds.</summary>
    [JsonIgnore]
    public double StandardError => Math.Log(Bounds[1] / Bounds[0]) / (2 * DeviationsOfBounds);

    [JsonIgnore]
    internal bool IsValid => Ratio > 0 && double.IsFinite(Ratio) && Bounds is [var lower, var upper] && lower <= Ratio && Ratio <= upper;

    /// <summary>The ratio of the pin to itself, which is exactly 1.</summary>
    public static AcceptedRatio OfPin(string unit, Worse worse) => new(unit, worse, 1, [1, 1], Rounds: 0, Sessions: 0);

    /// <summary>
    /// The ratio estimated from the rounds of a session and of its confirmation, if there is one; at most
    /// <see cref="SignedRankDistribution.MaxCount"/> rounds in all.
    /// </summary>
    public static AcceptedRatio Measured(MetricResult metric, MetricResult? confirmation)
    {
        MetricResult[] sessions = confirmation is null ? [metric] : [metric, confirmation];
        // Not signed by the direction in which the metric gets worse: a stored ratio is always candidate to pin.
        double[] logarithms = [.. sessions.SelectMany(LogRatios).Take(SignedRankDistribution.MaxCount)];
        var estimate = Estimate.Of(logarithms, Level);
        return new AcceptedRatio(
            metric.Unit, metric.Worse, Rounded(Math.Exp(estimate.Value)), [Rounded(Bound(estimate.Lower)), Rounded(Bound(estimate.Upper))],
            logarithms.Length, sessions.Length);
    }

    /// <summary>The ratio to a new pin, given <paramref name="step"/>, the measured ratio of the old pin to the new one.</summary>
    public AcceptedRatio Times(AcceptedRatio step) => step with
    {
        Ratio = Rounded(Ratio * step.Ratio),
        Bounds = [Rounded(Bounds[0] * step.Bounds[0]), Rounded(Bounds[1] * step.Bounds[1])],
    };

    private static IEnumerable<double> LogRatios(MetricResult session) =>
        session.Candidate.Zip(session.Pin, (candidate, pin) => Math.Log(candidate / pin));

    private static double Bound(double logarithm) => Math.Exp(Math.Clamp(logarithm, -LargestLogarithm, LargestLogarithm));

    private static double Rounded(double value) => SignificantDigits.Rounded(value, Digits);
}
