using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Runs scenarios round by round.</summary>
internal static class ScenarioRunner
{
    public const int DefaultRounds = 5;

    /// <summary>Sets a scenario up, runs one round to warm up and then those that count.</summary>
    /// <param name="scenario">What to measure.</param>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="seed">Where every random choice comes from.</param>
    /// <param name="progress">Told of the rounds done, the warm-up as 0.</param>
    /// <param name="cancellationToken">Ends the run between two rounds.</param>
    public static async Task<ScenarioResult> RunAsync(
        Scenario scenario, int rounds, int seed, Action<int> progress, CancellationToken cancellationToken)
    {
        await scenario.SetUpAsync();
        var random = new Random(seed);
        await scenario.MeasureAsync(new Round(random));
        progress(0);
        var measured = new List<IReadOnlyDictionary<string, double>>();
        for (var number = 1; number <= rounds; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var round = new Round(random);
            await scenario.MeasureAsync(round);
            measured.Add(round.Values);
            progress(number);
        }

        var metrics = scenario.Metrics.Select(metric => new MetricResult(
            metric.Key, metric.Unit, metric.Worse, metric.Description, [.. measured.Select(round => round[metric.Key])]));
        return new ScenarioResult(scenario.Name, [.. metrics], seed);
    }
}
