using System.Globalization;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
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
            var rows = Reporter.Rows(workspace, result, run.Machine);
            var table = new Table().SimpleBorder().Title(result.Scenario);
            table.AddColumns("metric", "unit", "min", "median", "max", "must", "nice", "baseline");
            foreach (var column in table.Columns)
            {
                column.NoWrap().Padding(0, 1);
            }

            foreach (var row in rows)
            {
                var sample = row.Metric.Sample;
                string[] cells =
                [
                    row.Metric.Key, row.Metric.Unit, Figure.Of(sample.Min), Figure.Of(sample.Median), Figure.Of(sample.Max),
                    row.Must, row.Nice, row.Advice,
                ];
                table.AddRow(cells.Select(cell => new Text(cell)));
            }

            AnsiConsole.Write(table);
            foreach (var row in rows.Where(row => row.History.Count > 0))
            {
                AnsiConsole.WriteLine($"{row.Metric.Key}: {string.Join(", ", row.History.Select(past => $"{past.Name} {Figure.Of(past.Value)}"))}");
            }
        }
    }
}
