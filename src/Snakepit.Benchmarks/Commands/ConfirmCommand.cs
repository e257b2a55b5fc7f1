using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench confirm FILE</c></summary>
internal static class ConfirmCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "artifacts/performance/suspects.json of a run that left regressions to be confirmed." };
        var command = new Command("confirm", "Measures what another run found regressed once more, on this machine; the exit code says whether it is.") { file };
        command.SetAction((parsed, cancellationToken) => Telling.RunAsync(() => ConfirmAsync(parsed.GetRequiredValue(file), cancellationToken)));
        return command;
    }

    private static async Task<int> ConfirmAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var suspects = Suspects.Load(file.FullName);
        var text = new List<string>();
        var verdicts = new HashSet<Verdict>();
        await using var gate = await PerformanceGate.OpenAsync(
            Workspace.Current, new GateOptions { Seed = ~suspects.Seed }, Console.Error.WriteLine, cancellationToken);
        foreach (var (name, metrics) in suspects.Metrics)
        {
            var scenario = Scenario.All.Single(scenario => scenario.Name == name);
            foreach (var (metric, judgement) in await gate.ConfirmAsync(scenario, metrics, cancellationToken))
            {
                verdicts.Add(judgement.Verdict);
                var words = judgement.Verdict switch
                {
                    Verdict.Regressed => "REGRESSED, confirmed",
                    Verdict.Inconclusive => "inconclusive",
                    _ => "not confirmed",
                };
                text.Add($"| {words} | `{metric}` | {(judgement.Estimate is { } estimate ? $"{ReportRow.Percent(estimate.Value)} | {ReportRow.BoundsOf(estimate)}" : "|")} |");
            }
        }

        var report = $"## Performance: confirmation on another machine\n\n| verdict | metric | worse by | bounds |\n| --- | --- | ---: | --- |\n{string.Join('\n', text)}\n";
        AnsiConsole.Write(new Text(report));
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            await File.AppendAllTextAsync(summary, report, cancellationToken);
        }

        return verdicts.Contains(Verdict.Regressed) ? ExitCode.Regression
            : verdicts.Contains(Verdict.Inconclusive) ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }
}
