using System.Diagnostics;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Policies;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>
/// Tests the error rates of the gate on recorded rounds: how often it calls unchanged code regressed, and how often it misses a regression.
/// </summary>
public sealed class GateProof(ITestOutputHelper output) : IDisposable
{
    // If an event does not occur in this many trials, its probability is at most 0.1 %, with 95 % confidence (ln 0.05 / ln 0.999).
    private const int Trials = 2_995;

    // The share of regressions that are detected if the standard deviation is 10 % within a job and 2 % between jobs, both normally
    // distributed. SimulatedPower finds the same share by simulation.
    private const double SimulatedShare = 0.954;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-corpus-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_gate_keeps_its_error_rates_on_recorded_rounds_of_unchanged_code()
    {
        var resampling = Resample(Corpus.Load(Corpus.RecordedDirectory), Workspace.Current.LoadPolicy());
        Assert.True(!resampling.Problems().Any(), string.Join('\n', resampling.Problems()));
    }

    [Fact]
    public void The_scenarios_without_recorded_rounds_are_known()
    {
        var recorded = Corpus.Load(Corpus.RecordedDirectory).Jobs[0].Run.Scenarios.Select(session => session.Scenario);
        Assert.Equal(AllScenarios.All.Select(scenario => scenario.Name).Except(recorded), Resampling.NotRecorded);
    }

    [Fact]
    public void A_missing_corpus_is_an_error()
    {
        AssertRefused("holds 0 recorded runs", () => Corpus.Load(_directory));
        AssertRefused("holds 0 recorded runs", () => Corpus.Load(Path.Combine(_directory, "none")));
        Record(jobs: 1, roundSd: 0.02, jobSd: 0);
        AssertRefused("holds 1 recorded runs", () => Corpus.Load(_directory));
    }

    [Fact]
    public void A_recorded_run_that_lacks_a_metric_or_rounds_is_an_error()
    {
        Record(jobs: 2, roundSd: 0.02, jobSd: 0);
        var corpus = Corpus.Load(_directory);
        AssertRefused("no 12 rounds of absent", () => corpus.Jobs[0].LogRatios("Startup", "absent", 12));
        AssertRefused("no 41 rounds of time", () => corpus.Jobs[0].LogRatios("Startup", "time", 41));
    }

    [Fact]
    public void A_job_can_be_recorded_scenario_by_scenario()
    {
        foreach (var name in new[] { "Startup", "Latency" })
        {
            var run = Synthetic.Run("job", Synthetic.Session(Synthetic.Metric("time", 0, rounds: 12)) with { Scenario = name });
            Corpus.Save(run, _directory, $"01-quiet.{name}");
            Corpus.Save(run, _directory, $"02-loaded.{name}");
        }

        var corpus = Corpus.Load(_directory);
        Assert.Equal([("01-quiet", false), ("02-loaded", true)], corpus.Jobs.Select(job => (job.Name, job.IsLoaded)));
        Assert.All(corpus.Jobs, job => Assert.Equal(12, job.LogRatios("Startup", "time", 12).Length));
        Assert.All(corpus.Jobs, job => Assert.Equal(12, job.LogRatios("Latency", "time", 12).Length));
    }

    [Fact]
    public void Jobs_that_hardly_differ_keep_the_error_rates()
    {
        Record(jobs: 30, roundSd: 0.03, jobSd: 0.004);
        Assert.Empty(Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate").Problems());
    }

    [Fact]
    public void Jobs_that_differ_much_break_the_error_rates()
    {
        Record(jobs: 30, roundSd: 0.03, jobSd: 0.12);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate");
        Assert.InRange(resampling.Red, 1, Trials);
        Assert.Contains(resampling.Problems(), problem => problem.Contains("trials of the whole suite were red", StringComparison.Ordinal));
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("time: called regressed in", StringComparison.Ordinal));
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("rate: detected in only", StringComparison.Ordinal));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.BetweenJobSd, 0.08, 0.16));
    }

    [Fact]
    public void Rounds_that_vary_much_are_reported_as_inconclusive_and_slow()
    {
        Record(jobs: 30, roundSd: 0.35, jobSd: 0);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time");
        Assert.Contains(resampling.Problems(), problem => problem.StartsWith("time: inconclusive in", StringComparison.Ordinal));
        Assert.Contains(
            resampling.Problems(),
            problem => problem.EndsWith("rounds at 0 % on average over the metrics, more than 15", StringComparison.Ordinal));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.Metric.QuietSd, 0.3, 0.4));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.Metric.LoadedSd, 0.45, 0.6));
    }

    [Fact]
    public void A_single_metric_whose_jobs_differ_is_named_although_the_others_are_quiet()
    {
        Record(jobs: 10, roundSd: 0.08, jobSd: 0.002, jobSdOfRate: 0.10);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate");
        var problems = resampling.Problems().Where(problem => problem.Contains("its jobs differ", StringComparison.Ordinal));
        Assert.StartsWith("rate: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 26.124)]
    [InlineData(10, 29.588)]
    [InlineData(30, 59.703)]
    public void The_chi_square_quantile_is_within_one_percent_of_the_tabulated_value(int degrees, double tabulated) =>
        Assert.InRange(ResamplingReport.ChiSquareQuantile(degrees) / tabulated, 0.99, 1.01);

    [Theory]
    [InlineData(12)]
    [InlineData(40)]
    public void Short_and_long_recorded_sessions_give_the_same_share_of_detected_regressions(int rounds)
    {
        Record(jobs: 300, roundSd: 0.10, jobSd: 0.02, rounds);
        var resampling = Resample(Corpus.Load(_directory), Synthetic.Policy, "time", "wait", "rate");
        Assert.All(resampling.Metrics, row => Assert.InRange(row.FoundMustDetect, SimulatedShare - 0.05, SimulatedShare + 0.04));
        Assert.All(resampling.Metrics, row => Assert.InRange(row.BetweenJobSd, 0.0, 0.035));
    }

    private static void AssertRefused(string message, Func<object> action) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);

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
    /// Writes a corpus of synthetic jobs with three metrics. If <paramref name="roundsOfAll"/> is given, each job has that many rounds.
    /// Otherwise every third job has fewer rounds than the others, and every fifth job is made as if on a loaded machine: its values vary
    /// more, and its name contains "loaded".
    /// </summary>
    private void Record(int jobs, double roundSd, double jobSd, int? roundsOfAll = null, double? jobSdOfRate = null)
    {
        var random = new Random(99);
        for (var job = 0; job < jobs; job++)
        {
            var (rounds, isLoaded) = (roundsOfAll ?? (job % 3 == 2 ? 27 : 40), roundsOfAll is null && job % 5 == 4);
            var sd = (isLoaded ? 1.5 : 1) * roundSd;
            var metrics = new[] { "time", "wait", "rate" }.Select(key =>
            {
                var centre = (key == "rate" ? jobSdOfRate ?? jobSd : jobSd) * random.Normal();
                return Synthetic.Metric(key, 0, rounds: rounds) with
                {
                    Candidate = [.. Enumerable.Range(0, rounds).Select(_ => 100 * Math.Exp(centre + (sd * random.Normal())))],
                    Pin = [.. Enumerable.Repeat(100.0, rounds)],
                };
            });
            var session = Synthetic.Session([.. metrics]);
            Corpus.Save(Synthetic.Run($"job{job}", session), _directory, $"{job:D2}-{(isLoaded ? "loaded" : "quiet")}");
        }
    }
}
