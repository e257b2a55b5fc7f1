using System.CommandLine;
using System.Globalization;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench compare BEFORE AFTER</c></summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var before = new Argument<FileInfo>("before") { Description = "A result file of 'run'." };
        var after = new Argument<FileInfo>("after") { Description = "Another one." };
        var command = new Command("compare", "Compares two results, medians of rounds. Exit code 1 if a metric is worse by more than the policy's stop threshold.")
        {
            before,
            after,
        };
        command.SetAction(parsed => Reading.Run(() => Compare(
            RunStore.Load(parsed.GetRequiredValue(before).FullName), RunStore.Load(parsed.GetRequiredValue(after).FullName))));
        return command;
    }

    private static int Compare(RunResult before, RunResult after)
    {
        if (before.Machine.Key != after.Machine.Key)
        {
            Console.Error.WriteLine($"Not comparable: {before.Machine.Key} against {after.Machine.Key}.");
            return ExitCode.NotComparable;
        }

        var policy = Workspace.Current.LoadPolicy();
        var table = new Table().RoundedBorder().AddColumns("metric", "unit", "before", "after", "change");
        var (compared, stop) = (0, false);
        foreach (var result in after.Scenarios)
        {
            var earlier = before.Scenarios.FirstOrDefault(scenario => scenario.Scenario == result.Scenario);
            foreach (var metric in result.Metrics)
            {
                if (earlier?.Find(metric.Key) is not { } old)
                {
                    continue;
                }

                compared++;
                var drift = Drift.Of(metric.Metric, metric.Sample.Median, old.Sample.Median, policy);
                stop |= drift.Level == DriftLevel.Stop && !IsReference(metric.Key);
                var change = string.Create(
                    CultureInfo.InvariantCulture, $"{Math.Abs(drift.Worsening!.Value) * 100:F1} % {(drift.Worsening > 0 ? "worse" : "better")}{Mark(drift.Level)}");
                table.AddRow(
                    metric.Key, metric.Unit, Figure.Of(old.Sample.Median), Figure.Of(metric.Sample.Median), change);
            }
        }

        if (compared == 0)
        {
            Console.Error.WriteLine("Not comparable: the two results have no metric in common.");
            return ExitCode.NotComparable;
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Two runs at different times: on a noisy machine a difference of 20 % proves nothing.");
        return stop ? ExitCode.Regression : ExitCode.Pass;
    }

    private static bool IsReference(string key) => key.StartsWith("reference.", StringComparison.Ordinal);

    private static string Mark(DriftLevel level) => level switch
    {
        DriftLevel.Stop => "  STOP",
        DriftLevel.Worse => "  !",
        _ => "",
    };
}
