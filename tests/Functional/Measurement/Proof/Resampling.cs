using System.Collections.Immutable;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>
/// Estimates how often the gate errs, by resampling (bootstrapping) recorded rounds of unchanged code. In each repetition, the rounds are
/// made worse by a known factor and judged as in a real run. A repetition uses two different jobs (recorded runs of the suite), which serve
/// as the first and the second session. From each job it draws, with replacement, as many rounds as the last interim look needs. As in a
/// real run, all metrics of a scenario use the same rounds, and all scenarios use the same two jobs.
/// </summary>
internal sealed class Resampling
{
    // This many trials suffice to verify shares such as 1 % and 97 %. Shares nearer to 0 % or 100 % are verified with all trials.
    private const int FewTrials = 1_000;

    /// <summary>The scenarios of which no rounds have been recorded yet.</summary>
    public static readonly ImmutableArray<string> NotRecorded =
    [
        "Streams", "Sessions", "HostCalls", "Direct", "Payloads", "Models", "Idle", "Memory", "CleanUp", "Errors", "Restarts",
    ];

    private readonly Policy _policy;
    private readonly Draw[] _draws;
    private readonly int _rounds;
    private readonly bool[] _red;

    private Resampling(Corpus corpus, Policy policy, ImmutableArray<(string Scenario, string Metric)> metrics, int trials)
    {
        (_policy, Corpus, _rounds, _red) = (policy, corpus, policy.InterimLooks.Rounds[^1], new bool[trials]);
        var random = new Random(20260101);
        var scenarios = metrics.Select(metric => metric.Scenario).Distinct().ToList();
        _draws = [.. Enumerable.Range(0, trials).Select(_ => Draw.New(random, corpus.Jobs.Length, scenarios, _rounds))];
        var fewest = policy.InterimLooks.Rounds[0];
        var recorded = metrics
            .Select(metric => new RecordedMetric(metric.Scenario, metric.Metric, policy.RuleFor(metric.Metric)!, corpus, fewest))
            .ToList();
        // There are too few recorded jobs to estimate the variance between jobs for a single metric. The policy assumes the same variance
        // for all metrics of a rule, so the average of their estimates is used for each of them.
        var betweenJobs = recorded.GroupBy(metric => metric.Rule)
            .ToDictionary(rule => rule.Key, rule => Math.Max(0, rule.Average(metric => metric.BetweenJobVariance)));
        var rows = new MetricRow[metrics.Length];
        Parallel.For(0, metrics.Length, index => rows[index] = Play(recorded[index], betweenJobs[recorded[index].Rule]));
        Metrics = [.. rows];
        Red = _red.Count(red => red);
    }

    /// <summary>The recorded jobs.</summary>
    public Corpus Corpus { get; }

    /// <summary>The results of resampling, one per metric.</summary>
    public ImmutableArray<MetricRow> Metrics { get; }

    /// <summary>The number of trials in which the suite found a regression of any metric in unchanged code, and confirmed it.</summary>
    public int Red { get; }

    public int Trials => _draws.Length;

    /// <summary>The mean number of rounds until there is a verdict on unchanged code, over all metrics.</summary>
    public double MeanRounds => Metrics.Average(row => row.Rounds);

    /// <summary>Resamples every ratio that the policy judges, of the scenarios that have been recorded.</summary>
    public static Resampling Of(Corpus corpus, Policy policy, int trials) => Of(
        corpus,
        policy,
        [
            .. AllScenarios.All.Where(scenario => !NotRecorded.Contains(scenario.Name)).SelectMany(scenario => scenario.Metrics
                .Where(metric => policy.RuleFor(metric.Key) is not null)
                .Select(metric => (scenario.Name, metric.Key))),
        ],
        trials);

    /// <summary>Resamples the given metrics.</summary>
    public static Resampling Of(Corpus corpus, Policy policy, ImmutableArray<(string Scenario, string Metric)> metrics, int trials) =>
        new(corpus, policy, metrics, trials);

    private MetricRow Play(RecordedMetric metric, double betweenJobVariance)
    {
        var rule = metric.Rule;
        double[] factors = [1, rule.Negligible, rule.MustDetect, 1 + ((rule.MustDetect - 1) * 1.25)];
        int[] trials = [_draws.Length, Math.Min(FewTrials, _draws.Length), Math.Min(FewTrials, _draws.Length), _draws.Length];
        var (found, passed, inconclusive, rounds) = (new int[factors.Length], 0, 0, 0);
        var jobs = metric.ForResampling(betweenJobVariance);
        var (first, second) = (new double[_rounds], new double[_rounds]);
        for (var trial = 0; trial < _draws.Length; trial++)
        {
            var draw = _draws[trial];
            var positions = draw.Rounds[metric.Scenario];
            for (var i = 0; i < factors.Length; i++)
            {
                if (trial >= trials[i])
                {
                    continue;
                }

                Fill(first, jobs[draw.FirstJob], positions.First, Math.Log(factors[i]));
                var judgement = SequentialTest.Judge(first, rule, _policy.InterimLooks);
                if (i == 0)
                {
                    rounds += judgement.Estimate!.Count;
                    inconclusive += judgement.IsFinal ? 0 : 1;
                }

                if (judgement.Verdict == Verdict.Regressed)
                {
                    Fill(second, jobs[draw.SecondJob], positions.Second, Math.Log(factors[i]));
                    judgement = SequentialTest.Confirm(second, rule, _policy.InterimLooks);
                }

                found[i] += judgement.Verdict == Verdict.Regressed ? 1 : 0;
                passed += i == factors.Length - 1 && judgement.Verdict is Verdict.Unchanged or Verdict.Improved ? 1 : 0;
                if (i == 0 && judgement.Verdict == Verdict.Regressed)
                {
                    // Several threads, one per metric, may set the same element at the same time. There is no conflict, because all of them
                    // write true.
                    _red[trial] = true;
                }
            }
        }

        return new MetricRow(
            metric,
            [.. factors],
            [.. found.Select((count, index) => (double)count / trials[index])],
            (double)passed / trials[^1],
            (double)inconclusive / trials[0],
            (double)rounds / trials[0],
            Math.Sqrt(betweenJobVariance));
    }

    /// <summary>Fills <paramref name="target"/> with the drawn rounds of a job, each shifted by <paramref name="shift"/>.</summary>
    private static void Fill(double[] target, double[] job, double[] positions, double shift)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = job[(int)(positions[i] * job.Length)] + shift;
        }
    }
}
