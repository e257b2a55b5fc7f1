using System.Globalization;
using System.Text;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports;

/// <summary>
/// The message of a test that fails because of a regression. It fits on one screen: the worst metric first, then possible causes, and how
/// to accept the change.
/// </summary>
public static class FailureMessage
{
    private const int MostOthers = 8;
    private const int Width = 140;

    /// <summary>Returns the text of the message.</summary>
    /// <param name="verdict">A session in which something has regressed.</param>
    /// <param name="policy">The policy by which the metrics were judged.</param>
    /// <param name="hints">Possible causes of the regression, with the metrics that show them.</param>
    /// <param name="report">The path of the full report.</param>
    /// <param name="why">What a profile of both sides says of the worst metric, in lines; empty if both sides were not profiled.</param>
    public static string Of(
        ScenarioVerdict verdict, Policy policy, IEnumerable<Hint> hints, string report, IReadOnlyCollection<string> why)
    {
        var (result, regressed) = (verdict.Result, verdict.Regressed);
        var named = string.Join(", ", regressed.Take(3).Select(metric => metric.Key));
        var text = new StringBuilder();
        text.AppendLine($"{result.Scenario} has regressed: {named}{(regressed.Count > 3 ? ", …" : "")}");
        foreach (var count in regressed.Where(metric => metric.Outcome == MetricOutcome.CountChanged))
        {
            text.AppendLine($"  {count.Problem}; measured: {Sides(count.Result)}; {Origin(result)}");
        }

        var ratios = regressed.Where(metric => metric.Outcome == MetricOutcome.Regressed).ToList();
        if (ratios is [var worst, ..])
        {
            AppendWorst(text, worst, policy.RuleFor(worst.Key)!, result);
        }

        foreach (var metric in ratios.Skip(1).Take(MostOthers))
        {
            text.AppendLine(
                $"  also {metric.Key} {ReportRow.Percent(metric.Change!.Value)} {ReportRow.BoundsOf(metric.Change)}, "
                + Sides(metric.Result));
        }

        if (why.Count > 0)
        {
            text.AppendLine();
            text.AppendJoin(Environment.NewLine, why).AppendLine();
        }

        text.AppendLine();
        text.AppendLine("Possible causes, and figures that show them (candidate against pin):");
        foreach (var hint in hints)
        {
            AppendHint(text, hint, result);
        }

        text.AppendLine();
        text.AppendLine($"Report: {report}");
        text.AppendLine("Find the cause, fix it, and measure again. If the change is intended, accept it:");
        text.AppendLine($"  bench accept {result.Scenario} --reason \"why it may be slower\"");
        text.Append($"Then commit baselines/{result.Scenario}.verified.json.");
        return text.ToString();
    }

    private static void AppendWorst(StringBuilder text, MetricVerdict metric, RatioRule rule, ScenarioResult result)
    {
        var first = metric.Change!;
        text.AppendLine(
            $"  {metric.Key} ({metric.Result.Description}): worse than accepted by {ReportRow.Percent(first.Value)}, "
            + $"bounds {ReportRow.BoundsOf(first)}, after {first.Count} rounds");
        if (metric.Confirmation?.Estimate is { } second)
        {
            text.AppendLine(
                $"  confirmed by a second session: {ReportRow.Percent(second.Value)}, bounds {ReportRow.BoundsOf(second)}, "
                + $"after {second.Count} rounds");
        }

        text.AppendLine(
            $"  regressed means: lower bound above {Percent(rule.Negligible)} and estimate at least {Percent(rule.Tolerance)}; "
            + $"accepted ratio to the pin {ShortNumber.Format(metric.Accepted)}");
        text.AppendLine($"  measured: {Sides(metric.Result)}; {Origin(result)}");
    }

    /// <summary>
    /// Appends a possible cause with its figures, on as many lines as they need. Appends nothing if none of its metrics was measured.
    /// </summary>
    private static void AppendHint(StringBuilder text, Hint hint, ScenarioResult result)
    {
        var measured = hint.Metrics.Select(result.Find).OfType<MetricResult>().Where(metric => !metric.Candidate.IsDefaultOrEmpty).ToList();
        if (measured.Count == 0)
        {
            return;
        }

        var line = $"  {hint.Cause}:";
        foreach (var figure in measured.Select(metric => $"{metric.Key} {Sides(metric)}"))
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

    private static string Origin(ScenarioResult result) => $"seed {result.Seed}, pin {result.Pin?[..10] ?? "none"}";

    private static string Percent(double ratio) => (ratio - 1).ToString("P0", CultureInfo.InvariantCulture);

    private static string Sides(MetricResult metric)
    {
        var pin = metric.Pin.IsDefaultOrEmpty ? "" : $" against {metric.PinText}";
        return $"{metric.CandidateText}{pin} {metric.Unit}";
    }
}
