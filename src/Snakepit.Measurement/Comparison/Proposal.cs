using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Statistics;

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
                    proposal = proposal with { Metrics = proposal.Metrics.SetItem(metric.Key, Ratio(metric.Result, verdict.Result.Confirmation?.Find(metric.Key))) };
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

    /// <summary>The ratio to the pin as the rounds of both sessions show it, the first <see cref="SignedRankDistribution.Most"/> of them.</summary>
    public static AcceptedRatio Ratio(MetricResult metric, MetricResult? confirmation)
    {
        const int Digits = 4;
        const double Level = 0.00125;
        var sessions = new[] { metric, confirmation }.OfType<MetricResult>().ToList();
        // The sign tells worse from better; a ratio has none.
        double[] logarithms = [.. sessions.SelectMany(session => session.Candidate.Zip(session.Pin, (candidate, pin) => Math.Log(candidate / pin))).Take(SignedRankDistribution.Most)];
        var estimate = Estimate.Of(logarithms, Level);
        return new AcceptedRatio(
            metric.Unit, metric.Worse,
            Baseline.Rounded(Math.Exp(estimate.Value), Digits),
            [Baseline.Rounded(Math.Exp(Finite(estimate.Lower)), Digits), Baseline.Rounded(Math.Exp(Finite(estimate.Upper)), Digits)],
            logarithms.Length,
            sessions.Count);
    }

    private static double Finite(double bound) => Math.Clamp(bound, -10, 10);
}
