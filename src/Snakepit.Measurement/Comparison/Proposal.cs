using Snakepit.Measurement.Baselines;

namespace Snakepit.Measurement.Comparison;

/// <summary>Derives, from the verdicts on a session, the baseline that would accept its changes.</summary>
public static class Proposal
{
    /// <summary>
    /// Returns the baseline with new ratios and counts for the metrics that are new or have certainly changed, and without metrics that the
    /// scenario has no more; null if there is nothing to change. All other metrics keep their accepted values, so that noise does not move
    /// a baseline. The reason is left empty, because a person has to give one.
    /// </summary>
    /// <param name="verdict">The verdicts on the session.</param>
    /// <param name="baseline">The accepted baseline.</param>
    /// <param name="declared">The names of the metrics that the scenario has.</param>
    public static Baseline? Of(ScenarioVerdict verdict, Baseline baseline, IReadOnlySet<string> declared)
    {
        if (verdict.Result.Failure is not null)
        {
            return null;
        }

        var removed = baseline.Keys.Where(key => !declared.Contains(key)).ToList();
        var changed = removed.Count > 0;
        var proposal = baseline with
        {
            Reason = "",
            Metrics = baseline.Metrics.RemoveRange(removed),
            Counts = baseline.Counts.RemoveRange(removed),
        };
        foreach (var metric in verdict.Metrics)
        {
            if (HasNewRatio(metric))
            {
                var ratio = AcceptedRatio.Measured(metric.Result, verdict.Result.Confirmation?.Find(metric.Key));
                proposal = proposal with { Metrics = proposal.Metrics.SetItem(metric.Key, ratio) };
                changed = true;
            }
            else if (HasNewCount(metric))
            {
                proposal = proposal with { Counts = proposal.Counts.SetItem(metric.Key, metric.Result.Candidate[0]) };
                changed = true;
            }
        }

        return changed ? proposal : null;
    }

    private static bool HasNewRatio(MetricVerdict metric) =>
        metric.Outcome is MetricOutcome.Regressed or MetricOutcome.Improved or MetricOutcome.New
        && !metric.Policy.IsExact && metric.Result.IsPaired;

    private static bool HasNewCount(MetricVerdict metric) =>
        metric.Outcome is MetricOutcome.CountChanged or MetricOutcome.New
        && metric.Policy.IsExact && metric.Result.Candidate.Distinct().Count() == 1;
}
