using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// Converts the accepted ratios of a baseline when another commit becomes the pin, which is the commit that the ratios refer to.
/// </summary>
public static class PinMove
{
    /// <summary>
    /// Returns the baseline for the new pin. Each accepted ratio is multiplied by the measured ratio of the old pin to the new pin. If
    /// there is no baseline yet, the new pin itself is accepted, and each ratio is 1.
    /// </summary>
    /// <param name="result">
    /// A session in which the pin is the new pin, and the candidate is the old pin. If there is no baseline yet, both are the new pin.
    /// </param>
    /// <param name="baseline">The accepted baseline; null if nothing has been accepted yet.</param>
    /// <param name="policy">The policy, which says which metrics have a ratio and which are counts.</param>
    public static Baseline Of(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        var pin = result.Pin ?? throw new ArgumentException("The session was measured without a new pin.", nameof(result));
        var moved = Baseline.Empty(result.Scenario, pin);
        foreach (var metric in result.Metrics)
        {
            if (policy.For(metric.Key).IsExact)
            {
                moved = moved with { Counts = moved.Counts.SetItem(metric.Key, baseline?.CountOf(metric.Key) ?? metric.Pin[0]) };
            }
            else if (policy.RuleFor(metric.Key) is not null)
            {
                moved = moved with { Metrics = moved.Metrics.SetItem(metric.Key, RatioOf(metric, baseline)) };
            }
        }

        return baseline is null ? moved : moved with { Machines = baseline.Machines };
    }

    private static AcceptedRatio RatioOf(MetricResult metric, Baseline? baseline) =>
        baseline?.Metrics.GetValueOrDefault(metric.Key) is { } accepted
            ? accepted.Times(AcceptedRatio.Measured(metric, confirmation: null))
            : AcceptedRatio.OfPin(metric.Unit, metric.Worse);
}
