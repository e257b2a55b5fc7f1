using System.CommandLine;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary><c>bench overhead [--transport T] [--rounds N] [--seed N]</c></summary>
internal static class OverheadCommand
{
    // Of an error on either side.
    private const double Level = 0.025;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How many rounds, each in a fresh process.", DefaultValueFactory = _ => 12 };
        var seed = new Option<int?>("--seed") { Description = "The seed of every random choice." };
        var transport = new Option<WorkerTransport?>("--transport") { Description = "Grpc or Direct; both, one after the other, if not given." };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value and (< 6 or > SignedRankDistribution.Most))
            {
                result.AddError($"--rounds must be from 6, the fewest that give bounds, to {SignedRankDistribution.Most}; it is {value}.");
            }
        });
        var command = new Command("overhead", "Measures what the pool costs beside a loop by hand over the same transport.") { transport, rounds, seed };
        command.SetAction((parsed, cancellationToken) => Telling.RunAsync(() => RunAsync(
            parsed.GetValue(transport) is { } one ? [one] : Enum.GetValues<WorkerTransport>(),
            parsed.GetValue(rounds),
            new GateOptions { Seed = parsed.GetValue(seed) ?? Workspace.NewSeed() },
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(WorkerTransport[] transports, int rounds, GateOptions options, CancellationToken cancellationToken)
    {
        await using var gate = await PerformanceGate.OpenAsync(Workspace.Current, options, Console.Error.WriteLine, cancellationToken);
        var worst = ExitCode.Pass;
        foreach (var transport in transports)
        {
            var code = Tell(await gate.AloneAsync(new OverheadScenario(transport), rounds, cancellationToken));
            worst = code == ExitCode.Regression || worst == ExitCode.Pass ? code : worst;
        }

        return worst;
    }

    private static int Tell(ScenarioResult result)
    {
        var table = new Table().SimpleBorder().Title($"{result.Scenario}, {result.Rounds} rounds, seed {result.Seed}")
            .AddColumns("metric", "estimate", "95 % bounds", "unit", "what");
        foreach (var metric in result.Metrics)
        {
            var estimate = EstimateOf(metric);
            table.AddRow(
                metric.Key, Figure.Of(Math.Exp(estimate.Value)), $"{Figure.Of(Math.Exp(estimate.Lower))} to {Figure.Of(Math.Exp(estimate.Upper))}", metric.Unit, metric.Description);
        }

        AnsiConsole.Write(table);
        foreach (var warning in result.Warnings)
        {
            AnsiConsole.WriteLine($"warning: {warning}");
        }

        return Tell(EstimateOf(result["overhead.time"]));
    }

    /// <summary>Fails only if the pool certainly costs too much.</summary>
    private static int Tell(Estimate time)
    {
        var limit = Math.Log(OverheadScenario.Limit);
        AnsiConsole.WriteLine($"A call through the pool takes {Math.Exp(time.Value):0.000} of the time of one by hand; at most {OverheadScenario.Limit} is wanted.");
        return time.Lower > limit ? ExitCode.Regression
            : time.Upper > limit ? ExitCode.MachineUnfit
            : ExitCode.Pass;
    }

    private static Estimate EstimateOf(MetricResult metric) => Estimate.Of([.. metric.Candidate.Select(Math.Log)], Level);
}
