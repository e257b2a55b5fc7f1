using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// The accepted ratio of one metric: its value for the candidate (the code under test), divided by its value for the pin (the commit that
/// the candidate is compared with).
/// </summary>
/// <param name="Unit">The unit of the metric.</param>
/// <param name="Worse">The direction in which the metric gets worse.</param>
/// <param name="Ratio">The accepted ratio of candidate to pin.</param>
/// <param name="Bounds">The lower bound and the upper bound of the ratio, in this order.</param>
/// <param name="Rounds">
/// The number of rounds from which the ratio was estimated; 0 if the ratio is 1 because the pin itself was accepted.
/// </param>
/// <param name="Sessions">The number of measurement sessions in which those rounds were measured.</param>
public sealed record AcceptedRatio(string Unit, Worse Worse, double Ratio, ImmutableArray<double> Bounds, int Rounds, int Sessions)
{
    private const int Digits = 4;
    private const double Level = 0.00125;

    // The distance of each bound from the estimate, in standard errors. A normal variable exceeds its mean by more than this many standard
    // deviations with a probability of 0.125 %, which is the error probability of a bound.
    private const double DeviationsOfBounds = 3.02;

    // If there are few rounds, the bounds are infinite, and JSON cannot express infinity. Bounds of e^±10 are stored instead, which no real
    // ratio reaches.
    private const double LargestLogarithm = 10;

    /// <summary>The standard error of the logarithm of the ratio within its sessions, derived from the width of its bounds.</summary>
    [JsonIgnore]
    public double StandardError => Math.Log(Bounds[1] / Bounds[0]) / (2 * DeviationsOfBounds);

    /// <summary>Returns true if this is the ratio of the pin to itself, which needs no measurement.</summary>
    [JsonIgnore]
    internal bool IsOfPin => Ratio == 1 && Bounds is [1, 1];

    [JsonIgnore]
    internal bool IsValid => Ratio > 0 && double.IsFinite(Ratio) && Bounds is [var lower, var upper] && lower <= Ratio && Ratio <= upper;

    /// <summary>Returns the ratio of the pin to itself, which is exactly 1.</summary>
    public static AcceptedRatio OfPin(string unit, Worse worse) => new(unit, worse, 1, [1, 1], Rounds: 0, Sessions: 0);

    /// <summary>
    /// Estimates the ratio from the rounds of a session and, if there was a second session to confirm it, from the rounds of the second
    /// session too. At most <see cref="SignedRankDistribution.MaxCount"/> rounds are used in all.
    /// </summary>
    public static AcceptedRatio Measured(MetricResult metric, MetricResult? confirmation)
    {
        MetricResult[] sessions = confirmation is null ? [metric] : [metric, confirmation];
        // The sign does not depend on the direction in which the metric gets worse, because a stored ratio is always candidate divided by
        // pin.
        double[] logarithms = [.. sessions.SelectMany(LogRatios).Take(SignedRankDistribution.MaxCount)];
        var estimate = Estimate.Of(logarithms, Level);
        return new AcceptedRatio(
            metric.Unit, metric.Worse, Rounded(Math.Exp(estimate.Value)), [Rounded(Bound(estimate.Lower)), Rounded(Bound(estimate.Upper))],
            logarithms.Length, sessions.Length);
    }

    /// <summary>Returns the ratio to a new pin, given <paramref name="step"/>, the measured ratio of the old pin to the new pin.</summary>
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
