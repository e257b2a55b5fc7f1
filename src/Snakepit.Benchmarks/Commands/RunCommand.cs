using System.CommandLine;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Snapshots;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench run [SCENARIO…] [--rounds N] [--seed N] [--out FILE]</c></summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("scenario")
        {
            Description = "What to measure; everything if none is named. See 'list'.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds that count, after one to warm up.",
            DefaultValueFactory = _ => ScenarioRunner.DefaultRounds,
        };
        var seed = new Option<int?>("--seed") { Description = "The seed of every random choice; printed in the report." };
        var output = new Option<FileInfo?>("--out") { Description = "Write the result here as well." };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--rounds must be from 1 to 1,000.");
            }
        });
        names.Validators.Add(result =>
        {
            var known = Scenario.All.Select(create => create().Name).ToList();
            foreach (var name in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    result.AddError($"There is no scenario '{name}'; there are {string.Join(", ", known)}.");
                }
            }
        });

        var command = new Command("run", "Measures scenarios and keeps the result.") { names, rounds, seed, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(names) ?? [], parsed.GetValue(rounds), parsed.GetValue(seed) ?? Workspace.NewSeed(), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, int rounds, int seed, FileInfo? output, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Current;
        var (id, loadBefore) = (Workspace.NewRunId(), Workspace.LoadAverage());
        var results = new List<ScenarioResult>();
        foreach (var create in Scenario.All)
        {
            await using var scenario = create();
            if (names.Length == 0 || names.Contains(scenario.Name, StringComparer.OrdinalIgnoreCase))
            {
                results.Add(await MeasureAsync(scenario, rounds, seed, cancellationToken));
            }
        }

        var run = await workspace.DescribeAsync(id, loadBefore, results);
        var path = workspace.Runs.Save(run);
        AtomicFile.Write(Path.Combine(workspace.Runs.DirectoryOf(id), "report.md"), Reporter.Markdown(workspace, run));
        if (output is not null)
        {
            RunStore.SaveAs(run, output.FullName);
        }

        ResultTable.Write(workspace, run);
        AnsiConsole.WriteLine($"Kept in {path}{(output is null ? "" : $" and {output.FullName}")}");
        return ExitCode.Pass;
    }

    private static Task<ScenarioResult> MeasureAsync(Scenario scenario, int rounds, int seed, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(scenario.Name, maxValue: rounds + 1);
                return ScenarioRunner.RunAsync(scenario, rounds, seed, done => task.Value = done + 1, cancellationToken);
            });
}
