namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>Formats the two tables of a scenario in the report.</summary>
internal static class MarkdownTables
{
    /// <summary>Returns the table of the metrics that are judged or have a limit.</summary>
    public static string Judged(IEnumerable<ReportRow> rows) =>
        Line("verdict", "metric", "worse by", "bounds", "candidate", "pin", "unit", "targets", "history")
        + Line("---", "---", "---:", "---", "---:", "---:", "---", "---", "---")
        + string.Concat(rows.Where(row => row.IsJudged).Select(row => Line(
            row.Outcome, Name(row), row.Change, row.Bounds, row.Candidate, row.Pin, Unit(row), row.Targets, row.HistoryText)));

    /// <summary>Returns the table of all other metrics, which is collapsed until the reader opens it.</summary>
    public static string MoreFigures(IEnumerable<ReportRow> rows) =>
        "\n<details><summary>More figures</summary>\n\n"
        + Line("metric", "candidate", "pin", "unit", "history")
        + Line("---", "---:", "---:", "---", "---")
        + string.Concat(rows.Where(row => !row.IsJudged).Select(row => Line(Name(row), row.Candidate, row.Pin, Unit(row), row.HistoryText)))
        + "\n</details>\n\n";

    private static string Line(params string[] cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string Name(ReportRow row) => $"`{row.Verdict.Key}` {row.Verdict.Result.Description}";

    private static string Unit(ReportRow row) => row.Verdict.Result.Unit;
}
