using System.Globalization;
using System.Text;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports;

/// <summary>One row of a report: a metric with everything that is said of it.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Target">Its limits; null if it has none.</param>
/// <param name="Drift">How it stands against the stored number.</param>
/// <param name="History">Figures from the past.</param>
public sealed record ReportRow(MetricResult Metric, Target? Target, Drift Drift, IReadOnlyList<(string Name, double Value)> History)
{
    /// <summary>The rows of a scenario.</summary>
    public static IReadOnlyList<ReportRow> Of(ScenarioResult result, MachineProfile machine, Policy policy, History history, Baseline? baseline)
    {
        var stored = baseline?.Machines.GetValueOrDefault(machine.Key)?.Values;
        return [.. result.Metrics.Select(metric => new ReportRow(
            metric,
            policy.Targets.GetValueOrDefault(metric.Key),
            Comparison.Drift.Of(metric.Metric, metric.Sample.Median, stored?.GetValueOrDefault(metric.Key) is { IsDefaultOrEmpty: false } values ? values[1] : null, policy),
            [.. history.Of(metric.Key)]))];
    }

    /// <summary>The must target and whether the best round meets it; empty without one.</summary>
    public string Must => Describe(Target?.Must);

    /// <summary>The nice-to-have target and whether the best round meets it; empty without one.</summary>
    public string Nice => Describe(Target?.Nice);

    /// <summary>The drift in words.</summary>
    public string Advice => Drift switch
    {
        { Level: DriftLevel.New } => "new",
        { Worsening: { } worsening } => string.Create(
            CultureInfo.InvariantCulture, $"{Math.Abs(worsening) * 100:F0} % {(worsening > 0 ? "worse" : "better")}{(Drift.Level == DriftLevel.Stop ? " (stop)" : "")}"),
        _ => "",
    };

    private string Describe(double? limit) => limit is not { } value
        ? ""
        : $"{(Metric.Worse == Worse.Higher ? "<" : ">")} {Figure.Of(value)} {(Metric.Metric.IsBeyond(Metric.Best, value) ? "✗" : "✓")}";
}

/// <summary>A run as Markdown: for job summaries and for <c>report.md</c> in the run's folder.</summary>
public static class MarkdownReport
{
    /// <summary>The table of one scenario.</summary>
    public static string Of(ScenarioResult result, IReadOnlyList<ReportRow> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {result.Scenario}\n\n");
        text.Append("| metric | unit | min | median | max | must | nice to have | against the baseline | history |\n");
        text.Append("| --- | --- | ---: | ---: | ---: | --- | --- | --- | --- |\n");
        foreach (var row in rows)
        {
            var sample = row.Metric.Sample;
            var history = string.Join(", ", row.History.Select(past => $"{past.Name}: {Figure.Of(past.Value)}"));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{row.Metric.Key}` {row.Metric.Description} | {row.Metric.Unit} | {Figure.Of(sample.Min)} | {Figure.Of(sample.Median)} | {Figure.Of(sample.Max)} | {row.Must} | {row.Nice} | {row.Advice} | {history} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{result.Metrics[0].Rounds.Length} rounds, seed {result.Seed}. ✓ and ✗ judge the best round; the comparison with the baseline is advisory.\n");
        return text.ToString();
    }

    /// <summary>The heading of a run: what was measured, where.</summary>
    public static string Heading(RunResult run) => string.Create(
        CultureInfo.InvariantCulture,
        $"## Performance run {run.Id}\n\nCommit {(run.Commit.Length == 0 ? "unknown" : run.Commit)}{(run.Dirty ? " with local changes" : "")} on `{run.Machine.Key}`; load average {run.LoadBefore:F2} before, {run.LoadAfter:F2} after.\n");
}
