using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>
/// Formats the lines below the table of a scenario: how it was measured, warnings, and details for which the table has no room.
/// </summary>
internal static class MarkdownRemarks
{
    /// <summary>Returns the lines below the table of a scenario, each of them a paragraph.</summary>
    public static string Of(ScenarioVerdict verdict)
    {
        var result = verdict.Result;
        var confirmed = result.Confirmation is { } again ? $"; confirmed in {again.Rounds} rounds, seed {again.Seed}" : "";
        var measured = $"{result.Rounds} rounds, seed {result.Seed}{confirmed}; pin {result.Pin ?? "none"}.";
        var warnings = result.Warnings.Concat(result.Confirmation?.Warnings ?? []).Select(Warning);
        return string.Concat(warnings.Concat(verdict.Metrics.SelectMany(OfMetric)).Prepend(measured).Select(line => $"\n{line}\n"));
    }

    /// <summary>Returns the first line of a warning. The other lines of a warning are details for the log.</summary>
    public static string Warning(string warning) => $"Warning: {MarkdownText.OneLine(warning.Split('\n')[0])}";

    private static IEnumerable<string> OfMetric(MetricVerdict metric)
    {
        if (metric.Problem is { } problem)
        {
            yield return $"Problem: {MarkdownText.OneLine(problem)}.";
        }

        if (metric is { Accepted: not 1, MeasuredRatio: { } measured })
        {
            yield return $"`{metric.Key}`: the accepted ratio to the pin is {ShortNumber.Format(metric.Accepted)}, "
                + $"measured is {ShortNumber.Format(measured)}.";
        }

        if (metric.Confirmation?.Estimate is { } second)
        {
            yield return $"`{metric.Key}` in the second session: {ReportRow.Percent(second.Value)} {ReportRow.BoundsOf(second)} "
                + $"after {second.Count} rounds.";
        }

        if (metric.Target is { Outcome: not TargetOutcome.Holds } target)
        {
            yield return $"{char.ToUpperInvariant(target.Explanation[0])}{target.Explanation[1..]}.";
        }
    }
}
