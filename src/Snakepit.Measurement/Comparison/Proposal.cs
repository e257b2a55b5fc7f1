using Snakepit.Measurement.Baselines;

namespace Snakepit.Measurement.Comparison;

/// <summary>What a run would make of a baseline.</summary>
public static class Proposal
{
    /// <summary>
    /// The baseline with the measured ratios of the metrics that are certainly not as accepted, and of new ones; the others keep their ratios, so that
    /// noise moves nothing. Its reason is empty: somebody has to give one. Null if everything is as accepted.
    /// </summary>
    /// <param name="verdict">What was found.</param>
    /// <param name="baseline">What is accepted.</param>
    public static Baseline? Of(ScenarioVerdict verdict, Baseline baseline)
    {
        var changed = false;
        var proposal = baseline with { Reason = "" };
        foreach (var metric in verdict.Metrics)
        {
            switch (metric.Outcome)
            {
                case MetricOutcome.Regressed or MetricOutcome.Improved or MetricOutcome.New when !metric.Policy.IsExact && metric.Result.IsPaired:
                    proposal = proposal with { Metrics = proposal.Metrics.SetItem(metric.Key, AcceptedRatio.Measured(metric.Result, verdict.Result.Confirmation?.Find(metric.Key))) };
                    changed = true;
                    break;
                case MetricOutcome.CountChanged or MetricOutcome.New when metric.Policy.IsExact && metric.Result.Candidate.Distinct().Count() == 1:
                    proposal = proposal with { Counts = proposal.Counts.SetItem(metric.Key, metric.Result.Candidate[0]) };
                    changed = true;
                    break;
                default:
                    break;
            }
        }

        return changed ? proposal : null;
    }
}
