using System.Collections.Immutable;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Comparison;

/// <summary>What a session amounts to; the gravest that applies.</summary>
public enum GateOutcome
{
    /// <summary>Nothing stands against it.</summary>
    Passed,

    /// <summary>Some metric could not be decided.</summary>
    Inconclusive,

    /// <summary>There is no pinned revision to compare with.</summary>
    NotComparable,

    /// <summary>Something regressed.</summary>
    Regressed,

    /// <summary>The measurement itself cannot be trusted.</summary>
    Broken,
}

/// <summary>The verdicts on a session's metrics.</summary>
/// <param name="Result">The session.</param>
/// <param name="Metrics">The verdicts, in the order of the session's metrics.</param>
public sealed record ScenarioVerdict(ScenarioResult Result, ImmutableArray<MetricVerdict> Metrics)
{
    /// <summary>What it amounts to.</summary>
    public GateOutcome Outcome => Gravest(Metrics);

    /// <summary>What it amounts to while a second session has still to be asked: suspects neither pass nor hide what else there is.</summary>
    public GateOutcome OutcomeBesideSuspects => Gravest(Metrics.Where(metric => !metric.IsSuspect));

    /// <summary>Why the measurement cannot be trusted.</summary>
    public IReadOnlyList<string> Problems =>
        [.. Metrics.Where(metric => metric.Outcome == MetricOutcome.Broken).Select(metric => metric.Problem).Prepend(Result.Failure).OfType<string>()];

    /// <summary>The must-not-regress targets that came out so.</summary>
    public IEnumerable<MetricVerdict> Targets(TargetOutcome outcome) => Metrics.Where(metric => metric.Must?.Outcome == outcome);

    /// <summary>Metrics that stand against a pass because they got worse, the worst first; counts before ratios.</summary>
    public IReadOnlyList<MetricVerdict> Regressed => [.. MetricVerdict.WorstFirst(Metrics.Where(metric => Gravity(metric) == GateOutcome.Regressed))];

    /// <summary>Metrics of an outcome.</summary>
    public IEnumerable<MetricVerdict> Of(MetricOutcome outcome) => Metrics.Where(metric => metric.Outcome == outcome);

    /// <summary>Judges a session. Pure: the same session, baseline and policy always give the same verdicts.</summary>
    /// <param name="result">The session.</param>
    /// <param name="baseline">What was accepted; null if there is nothing yet.</param>
    /// <param name="policy">What it is judged by.</param>
    public static ScenarioVerdict Of(ScenarioResult result, Baseline? baseline, Policy policy)
    {
        if (result.Failure is not null)
        {
            return new ScenarioVerdict(result, []);
        }

        var measured = result.Metrics.Select(metric => Judge(metric, result, baseline, policy));
        var missing = (baseline?.Metrics.Keys ?? []).Concat(baseline?.Counts.Keys ?? [])
            .Where(key => result.Find(key) is null)
            .Select(key => new MetricVerdict(
                new MetricResult(key, "", Samples.Worse.Higher, "", [], []), policy.Of(key), MetricOutcome.Broken, Problem: $"{key} is in the baseline and was not measured"));
        return new ScenarioVerdict(result, [.. measured, .. missing]);
    }

    /// <summary>The rule of a metric whose ratio is judged, with the error of what was accepted; null for the others.</summary>
    public static RatioRule? RuleOf(string metric, Baseline? baseline, Policy policy) =>
        baseline?.Metrics.GetValueOrDefault(metric) is { } accepted ? policy.RuleOf(metric)?.Beside(accepted.Error, accepted.Sessions) : policy.RuleOf(metric);

    private GateOutcome Gravest(IEnumerable<MetricVerdict> metrics) =>
        Metrics.IsEmpty ? GateOutcome.Broken : metrics.Select(Gravity).DefaultIfEmpty(GateOutcome.Passed).Max();

    private static GateOutcome Gravity(MetricVerdict metric) => metric.Outcome switch
    {
        MetricOutcome.Broken => GateOutcome.Broken,
        MetricOutcome.Regressed or MetricOutcome.CountChanged => GateOutcome.Regressed,
        MetricOutcome.NotComparable => GateOutcome.NotComparable,
        MetricOutcome.Inconclusive => GateOutcome.Inconclusive,
        _ => GateOutcome.Passed,
    };

    private static MetricVerdict Judge(MetricResult metric, ScenarioResult result, Baseline? baseline, Policy policy)
    {
        var asked = policy.Of(metric.Key);
        var problem = Contradiction(metric, asked, baseline) ?? (asked is { Rule: null, Must: null } ? null : Fault(metric, result, asked, policy.Looks));
        if (problem is not null)
        {
            return new MetricVerdict(metric, asked, MetricOutcome.Broken, Problem: problem);
        }

        var verdict = asked.IsExact ? Count(metric, asked, baseline)
            : RuleOf(metric.Key, baseline, policy) is { } rule ? Ratio(metric, result, asked, rule, baseline, policy.Looks)
            : new MetricVerdict(metric, asked, MetricOutcome.Informative);
        return asked.Must is { } must ? verdict with { Must = TargetVerdict.Of(metric, must, policy.Looks.LevelOfOne) } : verdict;
    }

    private static MetricVerdict Count(MetricResult metric, MetricPolicy asked, Baseline? baseline)
    {
        var counts = metric.Candidate.Distinct().Order().ToList();
        var verdict = new MetricVerdict(metric, asked, MetricOutcome.Unchanged);
        return baseline?.Counts.TryGetValue(metric.Key, out var accepted) != true ? verdict with { Outcome = MetricOutcome.New }
            : counts is [var only] && only == accepted ? verdict
            : verdict with
            {
                Outcome = MetricOutcome.CountChanged,
                Problem = $"{metric.Key} was {Told(counts)} {metric.Unit}, accepted is {Samples.Figure.Of(accepted)}",
            };
    }

    private static MetricVerdict Ratio(
        MetricResult metric, ScenarioResult result, MetricPolicy asked, RatioRule rule, Baseline? baseline, Looks looks)
    {
        var verdict = new MetricVerdict(metric, asked, MetricOutcome.Unchanged);
        if (result.Pin is null)
        {
            return verdict with { Outcome = MetricOutcome.NotComparable };
        }

        var accepted = baseline?.Metrics.GetValueOrDefault(metric.Key);
        if (accepted is null)
        {
            return verdict with { Outcome = MetricOutcome.New, Problem = metric.WhyNotComparable };
        }

        if (metric.WhyNotComparable is not null)
        {
            return verdict with { Outcome = MetricOutcome.NotComparable, Problem = metric.WhyNotComparable };
        }

        verdict = verdict with { Accepted = accepted.Ratio };
        var first = SequentialTest.Judge(metric.Differences(accepted.Ratio), rule, looks);
        if (!first.IsFinal && Lacking(metric, result) is { } lacking)
        {
            return verdict with { Outcome = MetricOutcome.Broken, Problem = lacking };
        }

        verdict = verdict with { First = first, Outcome = OutcomeOf(first, rule) };
        if (first.Verdict != Verdict.Regressed || result.Confirmation?.Find(metric.Key) is not { } again)
        {
            return verdict;
        }

        if (Fault(again, result.Confirmation, asked, looks) is { } problem)
        {
            return verdict with { Outcome = MetricOutcome.Broken, Problem = $"{problem}, in the second session" };
        }

        var second = SequentialTest.Confirm(again.Differences(accepted.Ratio), rule, looks);
        return verdict with
        {
            Second = second,
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

    /// <summary>Why a metric cannot be judged by what was accepted, whatever was measured; null if it can.</summary>
    private static string? Contradiction(MetricResult metric, MetricPolicy asked, Baseline? baseline)
    {
        var accepted = baseline?.Metrics.GetValueOrDefault(metric.Key);
        return accepted is not null && (asked.Rule is null || asked.IsExact)
                ? $"{metric.Key} has an accepted ratio, and the policy does not judge it as one"
            : baseline?.Counts.ContainsKey(metric.Key) == true && !asked.IsExact
                ? $"{metric.Key} has an accepted count, and the policy does not judge it as one"
            : accepted is not null && (accepted.Worse, accepted.Unit) != (metric.Worse, metric.Unit)
                ? $"{metric.Key} was accepted in {accepted.Unit}, {Told(accepted.Worse)}, and measured in {metric.Unit}, {Told(metric.Worse)}"
            : null;
    }

    /// <summary>Why a metric's rounds cannot be judged; null if they can. Measuring it may have ended with any look.</summary>
    private static string? Fault(MetricResult metric, ScenarioResult session, MetricPolicy asked, Looks looks) =>
        (looks.Rounds.Contains(metric.Candidate.Length) ? null : Lacking(metric, session))
            ?? (session.Pin is not null && !metric.IsPaired && metric.WhyNotComparable is null
                ? $"{metric.Key} has {metric.Candidate.Length} rounds of the candidate and {metric.Pin.Length} of the pin"
            : !asked.IsExact && metric.Candidate.Concat(metric.Pin).Any(value => !(value > 0) || !double.IsFinite(value))
                ? $"{metric.Key} has a value that is not positive"
            : null);

    /// <summary>Which rounds a metric lacks, as only one may that is decided; null if none.</summary>
    private static string? Lacking(MetricResult metric, ScenarioResult session) => metric.Candidate.IsEmpty || metric.Candidate.Length != session.Rounds
        ? $"{metric.Key} has {metric.Candidate.Length} rounds, and the session {session.Rounds}"
        : null;

    private static string Told(Samples.Worse worse) => worse == Samples.Worse.Higher ? "more is worse" : "less is worse";

    private static string Told(List<double> counts) => counts.Count <= 3
        ? string.Join(" and ", counts.Select(Samples.Figure.Of))
        : $"{Samples.Figure.Of(counts[0])} to {Samples.Figure.Of(counts[^1])}";
}
