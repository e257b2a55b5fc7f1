using System.Diagnostics;
using Snakepit.Benchmarks.References;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// How long a ping takes from its intended start: an open loop of 5,000 calls at 500 a second over 8 workers. And one caller alone, which
/// shows the path itself.
/// </summary>
internal sealed class LatencyScenario : Scenario
{
    private const int Workers = 8;
    private const int Calls = 5_000;
    private const int ReferenceCalls = 2_000;
    private const double Rate = 500;
    private const int SingleCalls = 2_000;

    private SnakepitPool? _pool;
    private EchoReference? _echo;

    public override string Name => "Latency";

    public override string Description => "a ping's latency, 500 a second in an open loop, and one caller alone";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("latency.min", "ms", Worse.Higher, "open loop, from the intended start"),
        new Metric("latency.p50", "ms", Worse.Higher, ""),
        new Metric("latency.p95", "ms", Worse.Higher, ""),
        new Metric("latency.p99", "ms", Worse.Higher, ""),
        new Metric("latency.max", "ms", Worse.Higher, ""),
        new Metric("latency.generator.p99", "ms", Worse.Higher, "how late the load generator itself was"),
        new Metric("latency.single.p50", "ms", Worse.Higher, "one caller, closed loop"),
        new Metric("latency.single.p99", "ms", Worse.Higher, ""),
        new Metric("reference.echo.p99", "ms", Worse.Higher, "bare echo over Unix sockets, same load"),
    ];

    public override async Task SetUpAsync()
    {
        _pool = Own(await SnakepitPool.StartAsync(new SnakepitOptions { Adapter = ShowcaseAdapter, Workers = Workers }));
        _echo = Own(new EchoReference(Workers));
    }

    public override Task MeasureAsync(Round round)
    {
        var seed = round.Random.Next();
        return round.InAnyOrderAsync(() => OpenAsync(round, seed), () => ReferenceAsync(round, seed), () => SingleAsync(round));
    }

    private async Task OpenAsync(Round round, int seed)
    {
        var result = await OpenLoop.RunAsync(Schedule.Poisson(Rate, Calls, seed), () => _pool!.ExecuteAsync("ping"));
        ScenarioFailedException.ThrowIfAny(result.Errors, result.FirstError, "the open loop");
        round.Record("latency.min", result.Latency.Min);
        round.Record("latency.p50", result.Latency.Median);
        round.Record("latency.p95", result.Latency.Quantile(0.95));
        round.Record("latency.p99", result.Latency.Quantile(0.99));
        round.Record("latency.max", result.Latency.Max);
        round.Record("latency.generator.p99", result.Lateness.Quantile(0.99));
    }

    private async Task ReferenceAsync(Round round, int seed)
    {
        var result = await OpenLoop.RunAsync(Schedule.Poisson(Rate, ReferenceCalls, seed), _echo!.CallAsync);
        round.Record("reference.echo.p99", result.Latency.Quantile(0.99));
    }

    private async Task SingleAsync(Round round)
    {
        var times = new double[SingleCalls];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await _pool!.ExecuteAsync("ping");
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var sample = new Sample(times);
        round.Record("latency.single.p50", sample.Median);
        round.Record("latency.single.p99", sample.Quantile(0.99));
    }
}
