using System.Globalization;
using System.Text;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>A run as Markdown: for job summaries and for <c>report.md</c> in the run's folder.</summary>
public static class MarkdownReport
{
    /// <summary>The heading of a run: the outcome, what was measured, where, and by which rules.</summary>
    /// <param name="run">The run.</param>
    /// <param name="summary">The outcome in one line.</param>
    /// <param name="policy">What it is judged by.</param>
    /// <param name="notes">What a reader should know first.</param>
    public static string Heading(RunResult run, string summary, Policy policy, IEnumerable<string> notes)
    {
        var text = new StringBuilder(Title(run, summary));
        foreach (var note in notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }

        foreach (var (name, rule) in policy.Rules)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {name}: regressed if certainly worse by more than {rule.NoAlarm - 1:P0} and estimated at {rule.Edge - 1:P0} or more; improved if certainly better by more than {1 - rule.Better:P0}; unchanged if certainly not worse by {rule.Catch - 1:P0}; spread between jobs {rule.Tau:P1}\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"- looks after {string.Join(", ", policy.Looks.Rounds)} rounds, {policy.Looks.LevelOfOne:P3} a side at each; what one decides is measured no further; + is worse, against the accepted ratio to the pin\n- a time that is truly 10 % better is called improved one time in eight, 15 % better four times in five\n\n");
        return text.ToString();
    }

    /// <summary>The heading's first lines: the outcome, what was measured, where.</summary>
    /// <param name="run">The run.</param>
    /// <param name="summary">The outcome in one line.</param>
    public static string Title(RunResult run, string summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"## Performance: {summary}\n\nRun {run.Id} of commit {(run.Commit.Length == 0 ? "unknown" : run.Commit)}{(run.Dirty ? " with local changes" : "")} on `{run.Machine.Key}`; load average {run.LoadBefore:F2} before, {run.LoadAfter:F2} after.\n\n");

    /// <summary>The outcome of several scenarios in one line.</summary>
    public static string Summary(IReadOnlyList<ScenarioVerdict> verdicts)
    {
        var regressed = MetricVerdict.WorstFirst(verdicts.SelectMany(verdict => verdict.Regressed));
        var missed = Targets(verdicts, TargetOutcome.Missed, "TARGET MISSED");
        var unfit = Targets(verdicts, TargetOutcome.MachineUnfit, "machine unfit");
        var worst = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max();
        var outcome = worst switch
        {
            GateOutcome.Passed => missed.Length == 0 ? "passed" : "",
            GateOutcome.Inconclusive => $"inconclusive ({Names(verdicts, MetricOutcome.Inconclusive)})",
            GateOutcome.NotComparable => "not comparable",
            GateOutcome.Regressed => $"REGRESSED: {string.Join(", ", regressed.Select(metric => metric.Change is { } change ? $"{metric.Key} {ReportRow.Percent(change.Value)}" : metric.Key))}",
            _ => $"GATE BROKEN ({string.Join(", ", verdicts.Where(verdict => verdict.Result.Failure is not null).Select(verdict => verdict.Result.Scenario).Append(Names(verdicts, MetricOutcome.Broken)).Where(name => name.Length > 0))})",
        };
        return string.Join("; ", new[] { outcome, missed, unfit }.Where(part => part.Length > 0));
    }

    /// <summary>The table of one scenario.</summary>
    public static string Of(ScenarioVerdict verdict, IReadOnlyList<ReportRow> rows)
    {
        var result = verdict.Result;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {result.Scenario}\n\n");
        if (result.Failure is { } failure)
        {
            return text.Append(CultureInfo.InvariantCulture, $"The measurement was given up: {failure}\n\nSeed {result.Seed}; pin {result.Pin ?? "none"}.\n\n").ToString();
        }

        text.Append("| verdict | metric | worse by | bounds | candidate | pin | unit | targets | history |\n");
        text.Append("| --- | --- | ---: | --- | ---: | ---: | --- | --- | --- |\n");
        foreach (var row in rows.Where(row => row.IsJudged))
        {
            Append(text, row);
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{result.Rounds} rounds, seed {result.Seed}{(result.Confirmation is { } again ? $"; confirmed in {again.Rounds} rounds, seed {again.Seed}" : "")}; pin {result.Pin ?? "none"}.\n");
        foreach (var warning in result.Warnings.Concat(result.Confirmation?.Warnings ?? []))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nWarning: {warning.Split('\n')[0]}\n");
        }

        foreach (var remark in verdict.Metrics.SelectMany(Remarks))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{remark}\n");
        }

        text.Append("\n<details><summary>More figures</summary>\n\n| metric | candidate | pin | unit | history |\n| --- | ---: | ---: | --- | --- |\n");
        foreach (var row in rows.Where(row => !row.IsJudged))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Named(row)} | {row.Candidate} | {row.Pin} | {row.Verdict.Result.Unit} | {row.Past} |\n");
        }

        text.Append("\n</details>\n\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReportRow row) => text.Append(
        CultureInfo.InvariantCulture,
        $"| {row.Outcome} | {Named(row)} | {row.Change} | {row.Bounds} | {row.Candidate} | {row.Pin} | {row.Verdict.Result.Unit} | {row.Targets} | {row.Past} |\n");

    /// <summary>What the table has no room for.</summary>
    private static IEnumerable<string> Remarks(MetricVerdict metric)
    {
        if (metric.Problem is { } problem)
        {
            yield return $"Problem: {problem}.";
        }

        if (metric is { Accepted: not 1, MeasuredRatio: { } measured })
        {
            yield return $"`{metric.Key}`: the accepted ratio to the pin is {Figure.Of(metric.Accepted)}, measured is {Figure.Of(measured)}.";
        }

        if (metric.Second?.Estimate is { } again)
        {
            yield return $"`{metric.Key}` in the second session: {ReportRow.Percent(again.Value)} {ReportRow.BoundsOf(again)} after {again.Count} rounds.";
        }

        if (metric.Must is { Outcome: not TargetOutcome.Holds } must)
        {
            yield return $"{char.ToUpperInvariant(must.Explanation[0])}{must.Explanation[1..]}.";
        }
    }

    private static string Targets(IEnumerable<ScenarioVerdict> verdicts, TargetOutcome outcome, string words) =>
        verdicts.SelectMany(verdict => verdict.Targets(outcome)).Select(metric => metric.Key).ToList() is [_, ..] keys ? $"{words}: {string.Join(", ", keys)}" : "";

    private static string Named(ReportRow row) => $"`{row.Verdict.Key}` {row.Verdict.Result.Description}";

    private static string Names(IEnumerable<ScenarioVerdict> verdicts, MetricOutcome outcome) =>
        string.Join(", ", verdicts.SelectMany(verdict => verdict.Of(outcome)).Select(metric => metric.Key));
}
