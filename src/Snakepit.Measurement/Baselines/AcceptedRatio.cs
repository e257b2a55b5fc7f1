using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Baselines;

/// <summary>An accepted ratio to the pin.</summary>
/// <param name="Unit">The metric's unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Ratio">Candidate divided by pin.</param>
/// <param name="Bounds">Lower and upper bound of the ratio.</param>
/// <param name="Rounds">Rounds that it was estimated from; 0 if it is 1 because the pin itself was accepted.</param>
/// <param name="Sessions">Sessions that those rounds were measured in.</param>
public sealed record AcceptedRatio(string Unit, Worse Worse, double Ratio, ImmutableArray<double> Bounds, int Rounds, int Sessions)
{
    // The bounds are those at 0.125 % a side, which a normal distribution has at 3.02 standard deviations.
    private const double DeviationsOfBounds = 3.02;

    /// <summary>The standard deviation of the ratio's logarithm within its jobs, as its bounds tell.</summary>
    [JsonIgnore]
    public double Error => Math.Log(Bounds[1] / Bounds[0]) / (2 * DeviationsOfBounds);

    /// <summary>The ratio of the pin to itself.</summary>
    public static AcceptedRatio One(string unit, Worse worse) => new(unit, worse, 1, [1, 1], Rounds: 0, Sessions: 0);

    /// <summary>The ratio to the pin as the rounds of both sessions show it, the first <see cref="SignedRankDistribution.Most"/> of them.</summary>
    public static AcceptedRatio Measured(MetricResult metric, MetricResult? confirmation)
    {
        const int Digits = 4;
        const double Level = 0.00125;
        var sessions = new[] { metric, confirmation }.OfType<MetricResult>().ToList();
        // The sign tells worse from better; a ratio has none.
        double[] logarithms = [.. sessions.SelectMany(session => session.Candidate.Zip(session.Pin, (candidate, pin) => Math.Log(candidate / pin))).Take(SignedRankDistribution.Most)];
        var estimate = Estimate.Of(logarithms, Level);
        return new AcceptedRatio(
            metric.Unit, metric.Worse,
            SignificantDigits.Rounded(Math.Exp(estimate.Value), Digits),
            [SignificantDigits.Rounded(Math.Exp(Finite(estimate.Lower)), Digits), SignificantDigits.Rounded(Math.Exp(Finite(estimate.Upper)), Digits)],
            logarithms.Length,
            sessions.Count);
    }

    [JsonIgnore]
    internal bool IsSound => Ratio > 0 && double.IsFinite(Ratio) && Bounds is [var lower, var upper] && lower <= Ratio && Ratio <= upper;

    private static double Finite(double bound) => Math.Clamp(bound, -10, 10);
}
