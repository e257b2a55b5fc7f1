using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Reports.Markdown;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance.Support;

/// <summary>The base class of the tests of a scenario. It turns the verdicts on metrics into passed, failed and skipped tests.</summary>
[Collection(PerformanceCollection.Name)]
public abstract class ScenarioTests(PerformanceSuite suite, ITestOutputHelper output)
{
    private protected abstract Scenario Scenario { get; }

    /// <summary>
    /// Fails if the candidate certainly misses the target of a metric although the pin meets the target in the same rounds. Skips the test
    /// if the pin misses the target as well, because then the machine is too slow.
    /// </summary>
    private protected async Task MustHold(string metric)
    {
        var run = await Undecided.WithoutPythonAsync(() => suite.RunOf(Scenario));
        Assert.True(run.Verdict.Result.Failure is null, $"gate broken: {run.Verdict.Result.Failure}");
        var verdict = run.Verdict.Metrics.Single(one => one.Key == metric);
        Assert.True(verdict.Outcome != MetricOutcome.Broken, $"gate broken: {verdict.Problem}. Report: {await suite.ReportPathAsync()}");
        var target = verdict.Target
            ?? throw new InvalidOperationException($"baselines/policy.json has no 'must' limit for '{metric}'.");
        output.WriteLine(target.Explanation);
        Skip.If(target.Outcome == TargetOutcome.MachineUnfit, target.Explanation);
        Assert.True(target.Outcome == TargetOutcome.Holds, $"{target.Explanation}. Report: {await suite.ReportPathAsync()}");
    }

    /// <summary>
    /// Fails on a confirmed regression, a missed target, a changed count or a broken measurement. If a metric has no verdict,
    /// the test is skipped, or fails if <c>CI=true</c> is set.
    /// </summary>
    private protected async Task MustNotRegress()
    {
        var run = await Undecided.WithoutPythonAsync(() => suite.RunOf(Scenario));
        var (verdict, report) = (run.Verdict, await suite.ReportPathAsync());
        var markdown = MarkdownReport.Of(verdict, ReportRow.Of(verdict, Workspace.Current.LoadHistory()));
        output.WriteLine(AsciiText.For(Console.OutputEncoding, markdown));
        foreach (var note in run.Notes)
        {
            output.WriteLine(note);
        }

        // Every limit counts, also that of a metric for which nobody has written a test.
        var missed = verdict.WithTarget(TargetOutcome.Missed).Select(metric => metric.Target!.Explanation).ToList();
        Assert.True(missed.Count == 0, $"{string.Join("; ", missed)}. Report: {report}");
        switch (Suspects.AreConfirmedElsewhere ? verdict.OutcomeWithoutSuspects : verdict.Outcome)
        {
            case GateOutcome.Broken:
                Assert.Fail($"gate broken: {string.Join("; ", verdict.Problems)}. Report: {report}");
                break;
            case GateOutcome.Passed when verdict.Outcome == GateOutcome.Regressed:
                var suspects = string.Join(", ", verdict.Regressed.Select(metric => metric.Key));
                Assert.True(
                    suite.SaveProblem is null,
                    $"{suspects} may have regressed, and nobody can confirm it: the results could not be written: {suite.SaveProblem}");
                Skip.If(true, $"suspect, to be confirmed on another machine: {suspects}. Report: {report}");
                break;
            case GateOutcome.Regressed:
                var message = FailureMessage.Of(verdict, run.Criteria.Policy, run.Scenario.Hints, report, ExplanationText.LinesOf(run.Why));
                Assert.Fail(AsciiText.For(Console.OutputEncoding, message));
                break;
            case GateOutcome.NotComparable:
                Assert.Fail($"not comparable: {string.Join(" ", run.Notes.Concat(verdict.Result.Warnings))} Report: {report}");
                break;
            case GateOutcome.Inconclusive:
                var undecided = verdict.WithOutcome(MetricOutcome.Inconclusive)
                    .Select(metric => $"{metric.Key} {(metric.Change is { } change ? ReportRow.BoundsOf(change) : "")}");
                Undecided.Because(
                    $"inconclusive after {verdict.Result.Rounds} rounds: {string.Join(", ", undecided)}; "
                    + $"rerun on a quieter machine. Report: {report}");
                break;
            default:
                break;
        }

        Assert.True(
            suite.SaveProblem is null,
            $"{verdict.Result.Scenario} has passed, but the results could not be written: {suite.SaveProblem}");
    }
}
