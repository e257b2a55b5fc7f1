using System.Collections.Immutable;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Measurement;
using Snakepit.Tests.Functional.Measurement.Proof;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the suite prints exactly the failure message that <c>docs/performance.md</c> explains.</summary>
public sealed class WorkedExample
{
    /// <summary>The line of Markdown before the block that shows the failure message.</summary>
    public const string Marker = "<!-- worked example: failure -->";

    private const string Scenario = "Throughput";
    private const string Report = "artifacts/performance/20260101T000000Z/report.md";

    // The factors by which metrics change: a call costs the workers 1.5 times as much CPU time, and so the rate falls.
    private static readonly ImmutableDictionary<string, double> Change =
        ImmutableDictionary<string, double>.Empty.Add("throughput.8.cpu.workers", 1.5).Add("throughput.8.rate", 1 / 1.35);

    [Fact]
    public void The_message_of_the_worked_example_is_what_such_a_change_says()
    {
        var corpus = Corpus.Load(Corpus.RecordedDirectory).Jobs;
        var session = Slower(corpus[0]) with { Confirmation = Slower(corpus[1]) };
        var policy = Policy.Load(Path.Combine(Repository.Root, "baselines", "policy.json"));
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(session, policy) with { Pin = session.Pin! }, policy);
        var message = FailureMessage.Of(verdict, policy, new ThroughputScenario().Hints, Report, why: []);
        var block = Block.In("text").Single(block => block.Before == Marker);
        var said = message.ReplaceLineEndings("\n") + "\n";
        Assert.True(said == block.Code, $"{block} should be:\n{said}");
    }

    private static ScenarioResult Slower(Corpus.Job job)
    {
        var session = job.Run.Scenarios.Single(one => one.Scenario == Scenario);
        return session with { Metrics = [.. session.Metrics.Select(Slower)] };
    }

    private static MetricResult Slower(MetricResult metric) => Change.TryGetValue(metric.Key, out var factor)
        ? metric with { Candidate = [.. metric.Candidate.Select(value => value * factor)] }
        : metric;
}
