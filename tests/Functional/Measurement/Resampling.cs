using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>
/// Plays the gate on recorded rounds of unchanged code, made worse by a known share. A trial draws two different jobs, one for the first session and
/// one for the second, and shuffles the rounds inside each (without replacement, so that the spread between jobs is not counted twice: Davison and
/// Hinkley, Bootstrap Methods and their Application, section 3.8). A job with fewer rounds than the last look is shuffled again for the rest. The
/// metrics of a scenario share their rounds, and all scenarios their jobs, as in a real run.
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
        _draws = [.. Enumerable.Range(0, trials).Select(_ => NewDraw(random, scenarios, metrics))];
        var rows = new MetricRow[metrics.Length];
        Parallel.For(0, metrics.Length, index => rows[index] = Play(metrics[index].Scenario, metrics[index].Metric));
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
        [.. Scenario.All.SelectMany(scenario => scenario.Metrics.Where(metric => policy.RuleOf(metric.Key) is not null).Select(metric => (scenario.Name, metric.Key)))],
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

        foreach (var row in Metrics)
        {
            var least = row.Metric.EndsWith(".p99", StringComparison.Ordinal) ? 0.94 : 0.97;
            foreach (var (isWrong, problem) in new[]
            {
                (row.AtNoAlarm > 0.01, $"found and confirmed in {Made.Percent(row.AtNoAlarm)} % at {row.Told(1)}, more than 1 %"),
                (row.AtCatch < least, $"caught and confirmed in {Made.Percent(row.AtCatch)} % at {row.Told(2)}, less than {Made.Percent(least)} %"),
                (row.Beyond < 0.999, $"caught and confirmed in {Made.Percent(row.Beyond)} % at {row.Told(3)}, less than 99.9 %"),
                (row.Inconclusive > 0.01, $"inconclusive in {Made.Percent(row.Inconclusive)} % at 0 %, more than 1 %"),
            })
            {
                if (isWrong)
                {
                    yield return $"{row.Metric}: {problem}";
                }
            }
        }
    }

    /// <summary>The figures, one metric a line.</summary>
    public IEnumerable<string> Table()
    {
        yield return $"{_corpus.Jobs.Length} jobs ({_corpus.Jobs.Count(job => job.IsLoaded)} of them loaded), {Trials} trials; regressed and confirmed at {Scale}, in %";
        yield return $"{"metric",-26}{"worse by",18}{"regressed",26}{"incon.",8}{"rounds",8}{"round sd",10}{"quiet",8}{"loaded",8}{"job sd",8}{"bias",8}";
        foreach (var row in Metrics)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Metric,-26}{$"{row.Told(0)} {row.Told(1)} {row.Told(2)} {row.Told(3)}",18}{$"{Share(row.AtZero)} {Share(row.AtNoAlarm)} {Share(row.AtCatch)} {Share(row.Beyond)}",26}{Share(row.Inconclusive),8}{row.Rounds,8:F1}{Made.Percent(row.RoundSd),10}{Made.Percent(row.QuietSd),8}{Made.Percent(row.LoadedSd),8}{Made.Percent(row.JobSd),8}{Made.Percent(row.Bias),8}");
        }

        yield return $"whole suite at no change: {Red} of {Trials} red; {MeanRounds.ToString("F1", CultureInfo.InvariantCulture)} rounds on average over the metrics";

        static string Share(double share) => (100 * share).ToString("0.0#", CultureInfo.InvariantCulture);
    }

    private MetricRow Play(string scenario, string metric)
    {
        var rule = _policy.RuleOf(metric)!;
        var jobs = _corpus.Jobs.Select(job => job.Differences(scenario, metric, least: _policy.Looks.Rounds[0])).ToArray();
        double[] worse = [1, rule.NoAlarm, rule.Catch, 1 + ((rule.Catch - 1) * 1.25)];
        int[] trials = [_draws.Length, Math.Min(FewTrials, _draws.Length), Math.Min(FewTrials, _draws.Length), _draws.Length];
        var (found, inconclusive, rounds) = (new int[worse.Length], 0, 0);
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

                Fill(first, jobs[draw.First], draw.Rounds[scenario].First, Math.Log(worse[i]));
                var judgement = SequentialTest.Judge(first, rule, _policy.Looks);
                if (i == 0)
                {
                    rounds += judgement.Estimate!.Count;
                    inconclusive += judgement.IsFinal ? 0 : 1;
                }

                if (judgement.Verdict != Verdict.Regressed)
                {
                    continue;
                }

                Fill(second, jobs[draw.Second], draw.Rounds[scenario].Second, Math.Log(worse[i]));
                if (SequentialTest.Confirm(second, rule, _policy.Looks).Verdict == Verdict.Regressed)
                {
                    found[i]++;
                    if (i == 0)
                    {
                        _red[trial] = true; // by whichever metric comes first; never unset
                    }
                }
            }
        }

        var centres = jobs.Select(job => Centre(job)).ToArray();
        // What the centres of jobs differ by, less what a job's own rounds make them differ by (a pseudo-median is about as sharp as a mean).
        var within = jobs.Average(job => Variance(job) / job.Length);
        return new MetricRow(metric, [.. worse], Share(0), Share(1), Share(2), Share(3), (double)inconclusive / trials[0], (double)rounds / trials[0])
        {
            RoundSd = Pooled(jobs),
            QuietSd = Pooled(jobs.Where((_, index) => !_corpus.Jobs[index].IsLoaded)),
            LoadedSd = Pooled(jobs.Where((_, index) => _corpus.Jobs[index].IsLoaded)),
            JobSd = Math.Sqrt(Math.Max(0, Variance(centres) - within)),
            Bias = centres.Average(),
        };

        double Share(int index) => (double)found[index] / trials[index];
    }

    private static void Fill(double[] target, double[] job, byte[] order, double shift)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = job[order[i]] + shift;
        }
    }

    private static double Pooled(IEnumerable<double[]> jobs) => Math.Sqrt(jobs.Select(Variance).DefaultIfEmpty(double.NaN).Average());

    private static double Centre(double[] job) => Estimate.Of(job.AsSpan(0, Math.Min(job.Length, SignedRankDistribution.Most)), 0.05).Value;

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private Draw NewDraw(Random random, List<string> scenarios, ImmutableArray<(string Scenario, string Metric)> metrics)
    {
        var first = random.Next(_corpus.Jobs.Length);
        var second = (first + 1 + random.Next(_corpus.Jobs.Length - 1)) % _corpus.Jobs.Length;
        return new Draw(first, second, scenarios.ToDictionary(scenario => scenario, scenario => (Order(first, scenario), Order(second, scenario))));

        byte[] Order(int job, string scenario)
        {
            var metric = metrics.First(metric => metric.Scenario == scenario).Metric;
            var rounds = _corpus.Jobs[job].Run.Scenarios.FirstOrDefault(session => session.Scenario == scenario)?.Find(metric)?.Candidate.Length ?? 0;
            var order = new List<byte>();
            while (order.Count < _rounds && rounds > 0)
            {
                byte[] shuffled = [.. Enumerable.Range(0, rounds).Select(round => (byte)round)];
                random.Shuffle(shuffled);
                order.AddRange(shuffled);
            }

            return [.. order];
        }
    }

    private sealed record Draw(int First, int Second, Dictionary<string, (byte[] First, byte[] Second)> Rounds);
}

/// <summary>What becomes of one metric; shares of trials.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Worse">The ratios that its rounds were made worse by.</param>
/// <param name="AtZero">Found and confirmed although nothing had changed.</param>
/// <param name="AtNoAlarm">Found and confirmed where no alarm is allowed yet.</param>
/// <param name="AtCatch">Found and confirmed where it must be caught.</param>
/// <param name="Beyond">Found and confirmed a quarter beyond that.</param>
/// <param name="Inconclusive">Not decided by the last look, nothing having changed.</param>
/// <param name="Rounds">Rounds until the verdict, nothing having changed.</param>
internal sealed record MetricRow(
    string Metric, ImmutableArray<double> Worse, double AtZero, double AtNoAlarm, double AtCatch, double Beyond, double Inconclusive, double Rounds)
{
    /// <summary>The standard deviation of a round within a job, of logarithms; and in quiet and loaded jobs alone.</summary>
    public double RoundSd { get; init; }

    public double QuietSd { get; init; }

    public double LoadedSd { get; init; }

    /// <summary>The standard deviation between jobs beyond what their rounds explain.</summary>
    public double JobSd { get; init; }

    /// <summary>The mean over jobs, which nothing but chance should move from 0.</summary>
    public double Bias { get; init; }

    /// <summary>By how much it was made worse, in percent.</summary>
    public string Told(int index) => string.Create(CultureInfo.InvariantCulture, $"+{(Worse[index] - 1) * 100:0.#}");
}
