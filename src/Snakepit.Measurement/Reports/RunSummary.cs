using Snakepit.Measurement.Comparison;

namespace Snakepit.Measurement.Reports;

/// <summary>Describes the outcome of a run in one line.</summary>
public static class RunSummary
{
    /// <summary>
    /// Returns the worst outcome of the scenarios and the metrics that caused it, followed by the metrics that missed a limit or whose
    /// limit this machine is unfit to judge.
    /// </summary>
    public static string Of(IReadOnlyList<ScenarioVerdict> verdicts)
    {
        var missed = Targets(verdicts, TargetOutcome.Missed, "TARGET MISSED");
        var unfit = Targets(verdicts, TargetOutcome.MachineUnfit, "machine unfit");
        var outcome = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max() switch
        {
            GateOutcome.Passed => missed.Length == 0 ? "passed" : "",
            GateOutcome.Inconclusive => $"inconclusive ({Listed(Keys(verdicts, MetricOutcome.Inconclusive))})",
            GateOutcome.NotComparable => "not comparable",
            GateOutcome.Regressed => $"REGRESSED: {Regressed(verdicts)}",
            _ => $"GATE BROKEN ({Listed(Causes(verdicts))})",
        };
        return string.Join("; ", new[] { outcome, missed, unfit }.Where(part => part.Length > 0));
    }

    private static string Regressed(IEnumerable<ScenarioVerdict> verdicts) =>
        Listed(MetricVerdict.WorstFirst(verdicts.SelectMany(verdict => verdict.Regressed))
            .Select(metric => metric.Change is { } change ? $"{metric.Key} {ReportRow.Percent(change.Value)}" : metric.Key));

    private static IEnumerable<string> Causes(IReadOnlyList<ScenarioVerdict> verdicts) => verdicts.Count == 0
        ? ["no scenario was measured"]
        : [.. Aborted(verdicts), .. Empty(verdicts), .. Keys(verdicts, MetricOutcome.Broken)];

    private static IEnumerable<string> Empty(IEnumerable<ScenarioVerdict> verdicts) =>
        verdicts.Where(verdict => verdict.Metrics.IsEmpty && verdict.Result.Failure is null)
            .Select(verdict => $"{verdict.Result.Scenario} has no metric");

    private static IEnumerable<string> Aborted(IEnumerable<ScenarioVerdict> verdicts) =>
        verdicts.Where(verdict => verdict.Result.Failure is not null).Select(verdict => verdict.Result.Scenario);

    private static IEnumerable<string> Keys(IEnumerable<ScenarioVerdict> verdicts, MetricOutcome outcome) =>
        verdicts.SelectMany(verdict => verdict.WithOutcome(outcome)).Select(metric => metric.Key);

    private static string Targets(IEnumerable<ScenarioVerdict> verdicts, TargetOutcome outcome, string label) =>
        verdicts.SelectMany(verdict => verdict.WithTarget(outcome)).Select(metric => metric.Key).ToList() is [_, ..] keys
            ? $"{label}: {Listed(keys)}"
            : "";

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
