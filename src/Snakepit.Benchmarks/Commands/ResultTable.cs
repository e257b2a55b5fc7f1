using System.Globalization;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>A run as tables in the terminal.</summary>
internal static class ResultTable
{
    public static void Write(Workspace workspace, RunResult run)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"Run {run.Id} of {(run.Commit.Length >= 10 ? run.Commit[..10] : "an unknown revision")}{(run.Dirty ? " with local changes" : "")}");
        AnsiConsole.WriteLine($"{run.Machine.Key}; load average {run.LoadBefore.ToString("F2", CultureInfo.InvariantCulture)}");
        foreach (var result in run.Scenarios)
        {
            var table = new Table().RoundedBorder().Title(result.Scenario);
            foreach (var heading in (string[])["metric", "unit", "min", "median", "max", "must", "nice", "baseline", "history"])
            {
                table.AddColumn(new TableColumn(heading));
            }

            foreach (var column in table.Columns.Skip(2).Take(3))
            {
                column.RightAligned().NoWrap();
            }

            foreach (var row in Reporter.Rows(workspace, result, run.Machine))
            {
                var sample = row.Metric.Sample;
                table.AddRow(
                    new Text(row.Metric.Key),
                    new Text(row.Metric.Unit),
                    new Text(ReportRow.Number(sample.Min)),
                    new Text(ReportRow.Number(sample.Median)),
                    new Text(ReportRow.Number(sample.Max)),
                    new Text(row.Must),
                    new Text(row.Nice),
                    new Text(row.Advice),
                    new Text(string.Join(", ", row.History.Select(past => $"{past.Name} {ReportRow.Number(past.Value)}"))));
            }

            AnsiConsole.Write(table);
        }
    }
}
