using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>What becomes of accepted ratios when the pin moves.</summary>
public static class PinMove
{
    /// <summary>
    /// The ratios to the new pin: accepted / old pin × old pin / new pin. Without a baseline, the pin itself is what is accepted, and each ratio
    /// is 1.
    /// </summary>
    /// <param name="result">The old pin, or the new one itself if there is no baseline, measured as the candidate against the new pin.</param>
    /// <param name="baseline">What is accepted; null if nothing is yet.</param>
    /// <param name="policy">Which metrics have a ratio, and which are counts.</param>
    public static Baseline Of(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        var moved = Baseline.Empty(result.Scenario, result.Pin ?? throw new ArgumentException("There is no new pin.", nameof(result)));
        foreach (var metric in result.Metrics)
        {
            if (policy.Of(metric.Key).IsExact)
            {
                moved = moved with { Counts = moved.Counts.SetItem(metric.Key, baseline?.Counts.TryGetValue(metric.Key, out var count) == true ? count : metric.Pin[0]) };
            }
            else if (policy.RuleOf(metric.Key) is not null)
            {
                moved = moved with { Metrics = moved.Metrics.SetItem(metric.Key, RatioOf(metric, baseline?.Metrics.GetValueOrDefault(metric.Key))) };
            }
        }

        return baseline is null ? moved : moved with { Machines = baseline.Machines };
    }

    private static AcceptedRatio RatioOf(MetricResult metric, AcceptedRatio? accepted)
    {
        if (accepted is null)
        {
            return AcceptedRatio.One(metric.Unit, metric.Worse);
        }

        var step = AcceptedRatio.Measured(metric, confirmation: null);
        return step with
        {
            Ratio = SignificantDigits.Rounded(accepted.Ratio * step.Ratio, 4),
            Bounds = [SignificantDigits.Rounded(accepted.Bounds[0] * step.Bounds[0], 4), SignificantDigits.Rounded(accepted.Bounds[1] * step.Bounds[1], 4)],
        };
    }
}
