using System.Diagnostics;
using Snakepit.Benchmarks;
using Snakepit.Measurement.Policies;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>The gate's promises, kept on recorded rounds: how often it cries wolf, and how often it misses.</summary>
public sealed class GateProof(ITestOutputHelper output) : IDisposable
{
    // So many trials without an event say that its probability is at most 0.1 %, with 95 % confidence: ln 0.05 / ln 0.999.
    private const int Trials = 2_995;

    // What normal rounds with a deviation of 10 % and jobs with one of 2 % give where each session's are its own.
    private const double SimulatedAtCatch = 0.954;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-corpus-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_recorded_rounds_of_unchanged_code_give_the_figures_that_the_design_claims()
    {
        var resampling = Resample(Corpus.Load(Corpus.RecordedDirectory), Workspace.Current.LoadPolicy());
        Assert.True(!resampling.Problems().Any(), string.Join('\n', resampling.Problems()));
    }

    [Fact]
    public void A_corpus_that_is_not_there_is_no_proof()
    {
        Assert.Contains("holds 0 recorded runs", Assert.Throws<InvalidOperationException>(() => Corpus.Load(_directory)).Message, StringComparison.Ordinal);
        Assert.Contains("holds 0 recorded runs", Assert.Throws<InvalidOperationException>(() => Corpus.Load(Path.Combine(_directory, "none"))).Message, StringComparison.Ordinal);
        MakeUp(jobs: 1, roundSd: 0.02, jobSd: 0);
        Assert.Contains("holds 1 recorded runs", Assert.Throws<InvalidOperationException>(() => Corpus.Load(_directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_run_that_lacks_a_metric_or_a_side_is_no_proof()
    {
        MakeUp(jobs: 2, roundSd: 0.02, jobSd: 0);
        var corpus = Corpus.Load(_directory);
        Assert.Contains("no 12 rounds of absent", Assert.Throws<InvalidOperationException>(() => corpus.Jobs[0].LogRatios("Startup", "absent", 12)).Message, StringComparison.Ordinal);
        Assert.Contains("no 41 rounds of time", Assert.Throws<InvalidOperationException>(() => corpus.Jobs[0].LogRatios("Startup", "time", 41)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_jobs_prove_the_gate()
    {
        MakeUp(jobs: 30, roundSd: 0.03, jobSd: 0.004);
        Assert.Empty(Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate").Problems());
    }

    [Fact]
    public void Jobs_that_disagree_disprove_it()
    {
        MakeUp(jobs: 30, roundSd: 0.03, jobSd: 0.12);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate");
        Assert.InRange(resampling.Red, 1, Trials);
        Assert.Contains(resampling.Problems(), problem => problem.Contains("trials of the whole suite were red", StringComparison.Ordinal));
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("time: found and confirmed", StringComparison.Ordinal));
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("rate: caught and confirmed", StringComparison.Ordinal));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.JobSd, 0.08, 0.16));
    }

    [Fact]
    public void Rounds_that_disagree_disprove_it()
    {
        MakeUp(jobs: 30, roundSd: 0.35, jobSd: 0);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time");
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("time: inconclusive in", StringComparison.Ordinal));
        Assert.Contains(resampling.Problems(), problem => problem.EndsWith("rounds at 0 % on average over the metrics, more than 15", StringComparison.Ordinal));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.Metric.QuietSd, 0.3, 0.4));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.Metric.LoadedSd, 0.45, 0.6));
    }

    [Fact]
    public void One_metric_whose_jobs_disagree_does_not_hide_among_others()
    {
        MakeUp(jobs: 10, roundSd: 0.08, jobSd: 0.002, oddSd: 0.10);
        var problems = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate").Problems().Where(problem => problem.Contains("its jobs differ", StringComparison.Ordinal));
        Assert.StartsWith("rate: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 26.124)]
    [InlineData(10, 29.588)]
    [InlineData(30, 59.703)]
    public void Once_in_a_thousand_times_chi_square_is_beyond_what_the_tables_say(int degrees, double tabled) =>
        Assert.InRange(Resampling.ChiSquareOfOneInAThousand(degrees) / tabled, 0.99, 1.01);

    [Theory]
    [InlineData(12)]
    [InlineData(40)]
    public void Sessions_that_were_short_say_of_long_ones_what_these_say_themselves(int rounds)
    {
        MakeUp(jobs: 300, roundSd: 0.10, jobSd: 0.02, rounds);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate");
        Assert.All(resampling.Metrics, row => Assert.InRange(row.AtCatch, SimulatedAtCatch - 0.05, SimulatedAtCatch + 0.04));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.JobSd, 0.0, 0.035));
    }

    private Resampling Resample(Corpus corpus, Policy policy, params string[] metrics)
    {
        var began = Stopwatch.GetTimestamp();
        var resampling = metrics.Length == 0
            ? Resampling.Of(corpus, policy, Trials)
            : Resampling.Of(corpus, policy, [.. metrics.Select(metric => ("Startup", metric))], Trials);
        foreach (var line in resampling.Table())
        {
            output.WriteLine(line);
        }

        output.WriteLine($"in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        return resampling;
    }

    /// <summary>
    /// Makes up jobs of three metrics, the third with a spread between jobs of its own if <paramref name="oddSd"/> is given. Every third job has fewer
    /// rounds and every fifth more noise and a name that says so, unless <paramref name="every"/> says how many rounds all of them have.
    /// </summary>
    private void MakeUp(int jobs, double roundSd, double jobSd, int? every = null, double? oddSd = null)
    {
        var random = new Random(99);
        for (var job = 0; job < jobs; job++)
        {
            var (rounds, isLoaded) = (every ?? (job % 3 == 2 ? 27 : 40), every is null && job % 5 == 4);
            var metrics = new[] { "time", "wait", "rate" }.Select(key =>
            {
                var centre = (key == "rate" ? oddSd ?? jobSd : jobSd) * random.Normal();
                double[] candidate = [.. Enumerable.Range(0, rounds).Select(_ => 100 * Math.Exp(centre + ((isLoaded ? 1.5 : 1) * roundSd * random.Normal())))];
                return Synthetic.Metric(key, 0, rounds: rounds) with { Candidate = [.. candidate], Pin = [.. Enumerable.Repeat(100.0, rounds)] };
            });
            Corpus.Save(Synthetic.Run($"job{job}", Synthetic.Session([.. metrics])), _directory, $"{job:D2}-{(isLoaded ? "loaded" : "quiet")}");
        }
    }
}
