using Snakepit.Benchmarks.References;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Pings per second, 8 workers, 20 callers; beside a loop written by hand over the same transport, without the pool.</summary>
internal sealed class ThroughputScenario : Scenario
{
    private const int Workers = 8;
    private const int Callers = 20;

    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(500);

    private SnakepitPool? _pool;
    private BareStreams? _bare;
    private EchoReference? _echo;

    public override string Name => "Throughput";

    public override string Description => "pings per second, 8 workers, 20 callers";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("throughput.8.rate", "calls/s", Worse.Lower, "closed loop, 20 callers"),
        new Metric("throughput.8.rate.per_worker", "calls/s", Worse.Lower, "the same, per worker"),
        new Metric("throughput.8.time_100", "ms", Worse.Higher, "100 calls at that rate"),
        new Metric("throughput.8.bare", "calls/s", Worse.Lower, "by hand over the same transport, one loop a worker"),
        new Metric("throughput.8.share", "of bare", Worse.Lower, "pool / by hand"),
        new Metric("reference.echo.rate", "calls/s", Worse.Lower, "bare echo over Unix sockets, 20 callers"),
    ];

    public override async Task SetUpAsync()
    {
        var options = new SnakepitOptions { Adapter = ShowcaseAdapter, Workers = Workers };
        _pool = Own(await SnakepitPool.StartAsync(options));
        _bare = Own(await BareStreams.StartAsync(options));
        _echo = Own(new EchoReference(Workers));
    }

    public override async Task MeasureAsync(Round round)
    {
        var (pool, bare) = (new List<double>(), new List<double>());
        // ABBA or BAAB: a drift of the machine falls on both alike.
        Func<Task> poolSlot = async () => pool.Add(await RateAsync(_pool!));
        Func<Task> bareSlot = async () => bare.Add(await _bare!.RateAsync(Slot));
        var poolFirst = round.Random.Next(2) == 0;
        foreach (var isPool in (bool[])[poolFirst, !poolFirst, !poolFirst, poolFirst])
        {
            await (isPool ? poolSlot : bareSlot)();
        }

        var rate = new Sample(pool).Median;
        round.Record("throughput.8.rate", rate);
        round.Record("throughput.8.rate.per_worker", rate / Workers);
        round.Record("throughput.8.time_100", 100 / rate * 1000);
        round.Record("throughput.8.bare", new Sample(bare).Median);
        round.Record("throughput.8.share", rate / round["throughput.8.bare"]);
        round.Record("reference.echo.rate", (await ClosedLoop.RunAsync(Callers, Slot, _echo!.CallAsync)).Rate);
    }

    private static async Task<double> RateAsync(SnakepitPool pool)
    {
        var result = await ClosedLoop.RunAsync(Callers, Slot, () => pool.ExecuteAsync("ping"));
        ScenarioFailedException.ThrowIfAny(result.Errors, result.FirstError, $"{Callers} callers on {Workers} workers");
        return result.Rate;
    }
}
