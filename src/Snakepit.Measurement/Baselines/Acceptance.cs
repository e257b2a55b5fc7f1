using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>Whether a received baseline may become the verified one.</summary>
public static class Acceptance
{
    private const int FewestSessions = 2;

    /// <summary>
    /// Why it may not: a ratio that changes must rest on as many rounds as the last look asks for, or on two sessions, and its bounds must be narrower
    /// than what would be shown as drift, because they widen those of every later run. Null if it may.
    /// </summary>
    /// <param name="received">What is to be accepted.</param>
    /// <param name="verified">What is accepted; null if nothing is.</param>
    /// <param name="policy">The rules.</param>
    public static string? Refusal(Baseline received, Baseline? verified, Policy policy)
    {
        if (verified is not null && received.Pin != verified.Pin)
        {
            return $"{received.Scenario} was measured against the pin {received.Pin}, and the baseline's is {verified.Pin} by now. Measure again.";
        }

        var enough = policy.Looks.Rounds[^1];
        foreach (var (key, ratio) in received.Metrics)
        {
            if (verified?.Metrics.GetValueOrDefault(key) is { } old && old.Ratio == ratio.Ratio)
            {
                continue;
            }

            if (ratio.Rounds < enough && ratio.Sessions < FewestSessions)
            {
                return $"{key} rests on {ratio.Rounds} rounds of {ratio.Sessions} session; it takes {enough} rounds or {FewestSessions} sessions: bench run {received.Scenario} --rounds {enough}";
            }

            if (policy.RuleOf(key) is { } rule && (ratio.Bounds[1] > ratio.Ratio * rule.Drift || ratio.Bounds[0] < ratio.Ratio / rule.Drift))
            {
                return $"{key} is inconclusive: its ratio {Figure.Of(ratio.Ratio)} has the bounds {Figure.Of(ratio.Bounds[0])} to {Figure.Of(ratio.Bounds[1])}. Measure again on a quieter machine.";
            }
        }

        return null;
    }
}
