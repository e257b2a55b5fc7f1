using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Comparison;

/// <summary>Judges the metrics of one measurement session. The verdicts depend only on the arguments.</summary>
/// <param name="session">The measurement session.</param>
/// <param name="baseline">The accepted baseline; null if nothing has been accepted yet.</param>
/// <param name="policy">The policy by which the metrics are judged.</param>
internal sealed class MetricJudge(ScenarioResult session, Baseline? baseline, Policy policy)
{
    private readonly Validity _validity = new(baseline, policy.InterimLooks);

    /// <summary>Returns the verdict on a measured metric.</summary>
    public MetricVerdict Judge(MetricResult metric)
    {
        var asked = policy.For(metric.Key);
        if (_validity.Problem(metric, session, asked) is { } problem)
        {
            return new MetricVerdict(metric, asked, MetricOutcome.Broken, Problem: problem);
        }

        var verdict = asked.IsExact ? Count(metric, asked)
            : ScenarioVerdict.RuleFor(metric.Key, baseline, policy) is { } rule ? Ratio(metric, asked, rule)
            : new MetricVerdict(metric, asked, MetricOutcome.Informative);
        return asked.Must is { } must
            ? verdict with { Target = TargetVerdict.Of(metric, must, policy.InterimLooks.LevelPerLook) }
            : verdict;
    }

    /// <summary>Returns the verdict on a metric that the baseline lists but that was not measured.</summary>
    public MetricVerdict NotMeasured(string key) => new(
        new MetricResult(key, "", Worse.Higher, "", [], []),
        policy.For(key),
        MetricOutcome.Broken,
        Problem: $"{key} is in the baseline and was not measured. If {session.Scenario} no longer has this metric, "
            + $"accept that: bench accept {session.Scenario} --reason \"why\"");

    private MetricVerdict Count(MetricResult metric, MetricPolicy asked)
    {
        if (baseline?.CountOf(metric.Key) is not { } accepted)
        {
            return new MetricVerdict(metric, asked, MetricOutcome.New);
        }

        var counts = metric.Candidate.Distinct().Order().ToList();
        return counts is [var only] && only == accepted
            ? new MetricVerdict(metric, asked, MetricOutcome.Unchanged)
            : new MetricVerdict(
                metric,
                asked,
                MetricOutcome.CountChanged,
                Problem: $"{metric.Key} was {Listed(counts)} {metric.Unit}, accepted is {ShortNumber.Format(accepted)}");
    }

    private MetricVerdict Ratio(MetricResult metric, MetricPolicy asked, RatioRule rule)
    {
        if (session.Pin is null)
        {
            return new MetricVerdict(metric, asked, MetricOutcome.NotComparable);
        }

        if (baseline?.Metrics.GetValueOrDefault(metric.Key) is not { Ratio: var accepted })
        {
            return new MetricVerdict(metric, asked, MetricOutcome.New, Problem: metric.WhyNotComparable);
        }

        if (metric.WhyNotComparable is { } reason)
        {
            return new MetricVerdict(metric, asked, MetricOutcome.NotComparable, Problem: reason);
        }

        var verdict = new MetricVerdict(metric, asked, MetricOutcome.Broken, accepted);
        var judgement = SequentialTest.Judge(metric.LogRatios(accepted), rule, policy.InterimLooks);
        return !judgement.IsFinal && Validity.MissingRounds(metric, session) is { } missing
            ? verdict with { Problem = missing }
            : Confirmed(verdict with { Judgement = judgement, Outcome = OutcomeOf(judgement, rule) }, rule);
    }

    /// <summary>
    /// Returns the verdict after the second session. Returns the verdict of the first session unchanged if that is no regression, or if no
    /// second session has measured this metric.
    /// </summary>
    private MetricVerdict Confirmed(MetricVerdict first, RatioRule rule)
    {
        if (first.Outcome != MetricOutcome.Regressed || session.Confirmation?.Find(first.Key) is not { } again)
        {
            return first;
        }

        if (_validity.RoundsProblem(again, session.Confirmation, first.Policy) is { } problem)
        {
            return first with { Outcome = MetricOutcome.Broken, Problem = $"{problem}, in the second session" };
        }

        var second = SequentialTest.Confirm(again.LogRatios(first.Accepted), rule, policy.InterimLooks);
        return first with
        {
            Confirmation = second,
            Outcome = second.Verdict switch
            {
                Verdict.Regressed => MetricOutcome.Regressed,
                Verdict.Inconclusive => MetricOutcome.Inconclusive,
                _ => MetricOutcome.NotConfirmed,
            },
        };
    }

    private static MetricOutcome OutcomeOf(Judgement judgement, RatioRule rule) => judgement switch
    {
        { Verdict: Verdict.Regressed } => MetricOutcome.Regressed,
        { Verdict: Verdict.Improved } => MetricOutcome.Improved,
        { Verdict: Verdict.Inconclusive } => MetricOutcome.Inconclusive,
        { Estimate.Value: var value } when value >= Math.Log(rule.Drift) => MetricOutcome.Drifting,
        _ => MetricOutcome.Unchanged,
    };

    private static string Listed(List<double> counts) => counts.Count <= 3
        ? string.Join(" and ", counts.Select(ShortNumber.Format))
        : $"{ShortNumber.Format(counts[0])} to {ShortNumber.Format(counts[^1])}";
}
