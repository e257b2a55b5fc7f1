using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>
/// Plays the gate on recorded rounds of unchanged code, made worse by a known share. A trial draws two different jobs, one for the first session and
/// one for the second, and as many rounds of each as the last look asks for, with replacement. The middle of a job's few rounds is off by chance, and
/// drawing them again would make that a difference between jobs which no further round mends: so the middles are drawn towards 0, where they are when
/// nothing has changed, until they are as far from it as jobs are beyond what their rounds explain. That is estimated once for all metrics of a rule,
/// as tau is one for all: of a single metric ten jobs say little. The metrics of a scenario share their rounds, and all scenarios their jobs, as in a
/// real run.
/// </summary>
internal sealed class Resampling
{
    private const string Scale = "no change, the rule's no-alarm, its catch, and a quarter beyond";

    // Enough to tell 1 % and 97 %; what is rarer takes all trials.
    private const int FewTrials = 1_000;

    private readonly Policy _policy;
    private readonly Corpus _corpus;
    private readonly Draw[] _draws;
    private readonly int _rounds;
    private readonly bool[] _red;

    private Resampling(Corpus corpus, Policy policy, ImmutableArray<(string Scenario, string Metric)> metrics, int trials)
    {
        (_policy, _corpus, _rounds, _red) = (policy, corpus, policy.Looks.Rounds[^1], new bool[trials]);
        var random = new Random(20260101);
        var scenarios = metrics.Select(metric => metric.Scenario).Distinct().ToList();
        _draws = [.. Enumerable.Range(0, trials).Select(_ => NewDraw(random, scenarios))];
        var recorded = metrics.Select(metric => new RecordedMetric(metric.Scenario, metric.Metric, policy.RuleOf(metric.Metric)!, corpus, policy.Looks.Rounds[0])).ToList();
        var between = recorded.GroupBy(metric => metric.Rule).ToDictionary(rule => rule.Key, rule => Math.Max(0, rule.Average(metric => metric.BetweenJobs)));
        var rows = new MetricRow[metrics.Length];
        Parallel.For(0, metrics.Length, index => rows[index] = Play(recorded[index], between[recorded[index].Rule]));
        Metrics = [.. rows];
        Red = _red.Count(red => red);
    }

    /// <summary>The rows of the table.</summary>
    public ImmutableArray<MetricRow> Metrics { get; }

    /// <summary>How many trials of the whole suite found a regression in unchanged code and confirmed it.</summary>
    public int Red { get; }

    public int Trials => _draws.Length;

    /// <summary>Every ratio that the policy judges, of every scenario.</summary>
    public static Resampling Of(Corpus corpus, Policy policy, int trials) => Of(
        corpus,
        policy,
        [.. AllScenarios.All.SelectMany(scenario => scenario.Metrics.Where(metric => policy.RuleOf(metric.Key) is not null).Select(metric => (scenario.Name, metric.Key)))],
        trials);

    /// <summary>Chosen metrics.</summary>
    public static Resampling Of(Corpus corpus, Policy policy, ImmutableArray<(string Scenario, string Metric)> metrics, int trials) => new(corpus, policy, metrics, trials);

    /// <summary>How many rounds a verdict on unchanged code takes, the mean over the metrics.</summary>
    public double MeanRounds => Metrics.Average(row => row.Rounds);

    /// <summary>Where the figures are not those that the design claims; empty if they are.</summary>
    public IEnumerable<string> Problems()
    {
        if (Red > 0)
        {
            yield return $"{Red} of {Trials} trials of the whole suite were red although nothing had changed";
        }

        if (MeanRounds > 15)
        {
            yield return $"{MeanRounds.ToString("F1", CultureInfo.InvariantCulture)} rounds at 0 % on average over the metrics, more than 15";
        }

        var furthest = ChiSquareOfOneInAThousand(_corpus.Jobs.Length);
        foreach (var row in Metrics)
        {
            var least = row.Name.EndsWith(".p99", StringComparison.Ordinal) ? 0.94 : 0.97;
            foreach (var (isWrong, problem) in new[]
            {
                (row.AtNoAlarm > 0.01, $"found and confirmed in {Made.Percent(row.AtNoAlarm)} % at {row.Told(1)}, more than 1 %"),
                (row.AtCatch < least, $"caught and confirmed in {Made.Percent(row.AtCatch)} % at {row.Told(2)}, less than {Made.Percent(least)} %"),
                (row.Beyond < 0.999, $"caught and confirmed in {Made.Percent(row.Beyond)} % at {row.Told(3)}, less than 99.9 %"),
                (row.Green > 0.001, $"passed in {Made.Percent(row.Green)} % at {row.Told(3)}, more than 0.1 %"),
                (row.Metric.Apart > furthest, string.Create(CultureInfo.InvariantCulture, $"its jobs differ by more than their rounds and tau explain: chi-square {row.Metric.Apart:F1}, more than {furthest:F1}")),
                (row.Inconclusive > 0.01, $"inconclusive in {Made.Percent(row.Inconclusive)} % at 0 %, more than 1 %"),
            })
            {
                if (isWrong)
                {
                    yield return $"{row.Name}: {problem}";
                }
            }
        }
    }

    /// <summary>The figures, one metric a line.</summary>
    public IEnumerable<string> Table()
    {
        yield return $"{_corpus.Jobs.Length} jobs ({_corpus.Jobs.Count(job => job.IsLoaded)} of them loaded), {Trials} trials; regressed and confirmed at {Scale}, in %";
        yield return $"{"metric",-26}{"worse by",18}{"regressed",26}{"green",8}{"incon.",8}{"rounds",8}{"round sd",10}{"quiet",8}{"loaded",8}{"job sd",8}{"bias",8}{"apart",8}";
        foreach (var row in Metrics)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name,-26}{$"{row.Told(0)} {row.Told(1)} {row.Told(2)} {row.Told(3)}",18}{$"{Share(row.AtZero)} {Share(row.AtNoAlarm)} {Share(row.AtCatch)} {Share(row.Beyond)}",26}{Share(row.Green),8}{Share(row.Inconclusive),8}{row.Rounds,8:F1}{Made.Percent(row.Metric.RoundSd),10}{Made.Percent(row.Metric.QuietSd),8}{Made.Percent(row.Metric.LoadedSd),8}{Made.Percent(row.JobSd),8}{Made.Percent(row.Metric.Bias),8}{row.Metric.Apart,8:F1}");
        }

        yield return $"whole suite at no change: {Red} of {Trials} red; {MeanRounds.ToString("F1", CultureInfo.InvariantCulture)} rounds on average over the metrics";

        static string Share(double share) => (100 * share).ToString("0.0#", CultureInfo.InvariantCulture);
    }

    private MetricRow Play(RecordedMetric metric, double between)
    {
        var rule = metric.Rule;
        double[] worse = [1, rule.NoAlarm, rule.Catch, 1 + ((rule.Catch - 1) * 1.25)];
        int[] trials = [_draws.Length, Math.Min(FewTrials, _draws.Length), Math.Min(FewTrials, _draws.Length), _draws.Length];
        var (found, green, inconclusive, rounds) = (new int[worse.Length], 0, 0, 0);
        var drawn = metric.DrawnFrom(between);
        var (first, second) = (new double[_rounds], new double[_rounds]);
        for (var trial = 0; trial < _draws.Length; trial++)
        {
            var draw = _draws[trial];
            for (var i = 0; i < worse.Length; i++)
            {
                if (trial >= trials[i])
                {
                    continue;
                }

                Fill(first, drawn[draw.First], draw.Rounds[metric.Scenario].First, Math.Log(worse[i]));
                var judgement = SequentialTest.Judge(first, rule, _policy.Looks);
                if (i == 0)
                {
                    rounds += judgement.Estimate!.Count;
                    inconclusive += judgement.IsFinal ? 0 : 1;
                }

                if (judgement.Verdict == Verdict.Regressed)
                {
                    Fill(second, drawn[draw.Second], draw.Rounds[metric.Scenario].Second, Math.Log(worse[i]));
                    judgement = SequentialTest.Confirm(second, rule, _policy.Looks);
                }

                found[i] += judgement.Verdict == Verdict.Regressed ? 1 : 0;
                green += i == worse.Length - 1 && judgement.Verdict is Verdict.Unchanged or Verdict.Improved ? 1 : 0;
                if (i == 0 && judgement.Verdict == Verdict.Regressed)
                {
                    _red[trial] = true; // by whichever metric comes first; never unset
                }
            }
        }

        return new MetricRow(metric, [.. worse], Share(0), Share(1), Share(2), Share(3), (double)green / trials[^1], (double)inconclusive / trials[0], (double)rounds / trials[0], Math.Sqrt(between));

        double Share(int index) => (double)found[index] / trials[index];
    }

    /// <summary>What chi-square exceeds once in a thousand times (Wilson and Hilferty 1931; within 1 % from 8 degrees on).</summary>
    internal static double ChiSquareOfOneInAThousand(int degrees)
    {
        const double Normal = 3.0902;
        var share = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - share + (Normal * Math.Sqrt(share)), 3);
    }

    private static void Fill(double[] target, double[] job, double[] places, double shift)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = job[(int)(places[i] * job.Length)] + shift;
        }
    }

    private Draw NewDraw(Random random, List<string> scenarios)
    {
        var first = random.Next(_corpus.Jobs.Length);
        var second = (first + 1 + random.Next(_corpus.Jobs.Length - 1)) % _corpus.Jobs.Length;
        return new Draw(first, second, scenarios.ToDictionary(scenario => scenario, _ => (Places(), Places())));

        double[] Places() => [.. Enumerable.Range(0, _rounds).Select(_ => random.NextDouble())];
    }

    /// <summary>Two jobs, and of each scenario where in either the rounds are: shares of its rounds, as what was decided has fewer of them than the rest.</summary>
    private sealed record Draw(int First, int Second, Dictionary<string, (double[] First, double[] Second)> Rounds);
}

/// <summary>What becomes of one metric; shares of trials.</summary>
/// <param name="Metric">The recorded one.</param>
/// <param name="Worse">The ratios that its rounds were made worse by.</param>
/// <param name="AtZero">Found and confirmed although nothing had changed.</param>
/// <param name="AtNoAlarm">Found and confirmed where no alarm is allowed yet.</param>
/// <param name="AtCatch">Found and confirmed where it must be caught.</param>
/// <param name="Beyond">Found and confirmed a quarter beyond that.</param>
/// <param name="Green">Passed all the same there, in either session.</param>
/// <param name="Inconclusive">Not decided by the last look, nothing having changed.</param>
/// <param name="Rounds">Rounds until the verdict, nothing having changed.</param>
/// <param name="JobSd">The standard deviation between jobs that was played, of logarithms: its rule's.</param>
internal sealed record MetricRow(
    RecordedMetric Metric, ImmutableArray<double> Worse, double AtZero, double AtNoAlarm, double AtCatch, double Beyond, double Green, double Inconclusive, double Rounds, double JobSd)
{
    public string Name => Metric.Name;

    /// <summary>By how much it was made worse, in percent.</summary>
    public string Told(int index) => string.Create(CultureInfo.InvariantCulture, $"+{(Worse[index] - 1) * 100:0.#}");
}
