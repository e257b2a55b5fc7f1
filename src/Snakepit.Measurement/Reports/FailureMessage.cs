using System.Globalization;
using System.Text;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Reports;

/// <summary>What a test says that fails on a regression: one screen, the worst metric first, where to look, and how to accept it.</summary>
public static class FailureMessage
{
    private const int MostOthers = 8;
    private const int Width = 160;

    /// <summary>The message.</summary>
    /// <param name="verdict">A session with something regressed.</param>
    /// <param name="policy">What it is judged by.</param>
    /// <param name="hints">Where to look.</param>
    /// <param name="report">The path of the whole report.</param>
    public static string Of(ScenarioVerdict verdict, Policy policy, IEnumerable<Hint> hints, string report)
    {
        var regressed = verdict.Regressed;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{verdict.Result.Scenario} has regressed: {string.Join(", ", regressed.Take(3).Select(metric => metric.Key))}{(regressed.Count > 3 ? ", …" : "")}");
        foreach (var count in regressed.Where(metric => metric.Outcome == MetricOutcome.CountChanged))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {count.Problem}; measured: {Sides(count.Result)}; {Origin(verdict.Result)}");
        }

        var ratios = regressed.Where(metric => metric.Outcome == MetricOutcome.Regressed).ToList();
        foreach (var worst in ratios.Take(1))
        {
            Describe(text, worst, worst.First!.Estimate!, policy.RuleOf(worst.Key)!, verdict.Result);
        }

        foreach (var metric in ratios.Skip(1).Take(MostOthers))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  also {metric.Key} {ReportRow.Percent(metric.Change!.Value)} {ReportRow.BoundsOf(metric.Change)}, {Sides(metric.Result)}");
        }

        text.AppendLine();
        text.AppendLine("Where it comes from (candidate against pin):");
        foreach (var hint in hints)
        {
            var figures = hint.Metrics.Select(verdict.Result.Find).OfType<MetricResult>().Where(metric => !metric.Candidate.IsDefaultOrEmpty).ToList();
            if (figures.Count > 0)
            {
                Append(text, $"  {hint.Cause}:", figures.Select(metric => $"{metric.Key} {Sides(metric)}"));
            }
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Report: {report}");
        text.AppendLine("Stop: investigate, mend, measure again. If it is intended:");
        text.Append(CultureInfo.InvariantCulture, $"  bench accept {verdict.Result.Scenario} --reason \"why it may be slower\"   # and commit baselines/{verdict.Result.Scenario}.verified.json");
        return text.ToString();
    }

    /// <summary>Figures one after the other, in as many lines as they need.</summary>
    private static void Append(StringBuilder text, string line, IEnumerable<string> figures)
    {
        foreach (var figure in figures)
        {
            if (line.Length + figure.Length > Width)
            {
                text.AppendLine(line);
                line = "   ";
            }

            line += $" {figure};";
        }

        text.AppendLine(line.TrimEnd(';'));
    }

    private static void Describe(StringBuilder text, MetricVerdict metric, Estimate estimate, RatioRule rule, ScenarioResult result)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  {metric.Key} ({metric.Result.Description}): worse than accepted by {ReportRow.Percent(estimate.Value)}, bounds {ReportRow.BoundsOf(estimate)}, after {estimate.Count} rounds");
        if (metric.Second?.Estimate is { } again)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  confirmed by a second session: {ReportRow.Percent(again.Value)}, bounds {ReportRow.BoundsOf(again)}, after {again.Count} rounds");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  threshold: the lower bound above {rule.NoAlarm - 1:P0} and the estimate from {rule.Edge - 1:P0}; accepted ratio to the pin {Figure.Of(metric.Accepted)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  measured: {Sides(metric.Result)}; {Origin(result)}");
    }

    private static string Origin(ScenarioResult result) => $"seed {result.Seed}, pin {result.Pin?[..10] ?? "none"}";

    private static string Sides(MetricResult metric) =>
        $"{Figure.Of(metric.Sample.Median)} {(metric.Pin.IsDefaultOrEmpty ? "" : $"against {Figure.Of(new Sample(metric.Pin).Median)} ")}{metric.Unit}";
}
