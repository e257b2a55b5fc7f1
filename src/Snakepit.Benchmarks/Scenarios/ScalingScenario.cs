using Snakepit.Benchmarks.References;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// The same 5,000 pings from 10, 50 and 100 callers at once on 8 workers. Beyond saturation the rate is flat and latency grows (Little's law);
/// what must not happen is that the rate falls.
/// </summary>
internal sealed class ScalingScenario : Scenario
{
    private const int Workers = 8;
    private const int FewWorkers = 2;
    private const int Calls = 5_000;

    private static readonly int[] Callers = [10, 50, 100];

    private SnakepitPool? _pool;
    private SnakepitPool? _few;
    private EchoReference? _echo;

    public override string Name => "Scaling";

    public override string Description => "5,000 pings from 10, 50 and 100 callers, 8 workers";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Callers.Select(callers => new Metric($"scaling.{callers}.total", "ms", Worse.Higher, $"{Calls:N0} calls by {callers} callers")),
        .. Callers.Select(callers => new Metric($"scaling.{callers}.rate", "calls/s", Worse.Lower, "")),
        new Metric("scaling.50_to_10", "x", Worse.Lower, "rate with 50 callers / with 10"),
        new Metric("scaling.100_to_10", "x", Worse.Lower, "rate with 100 callers / with 10"),
        new Metric("scaling.workers", "x", Worse.Lower, "rate of 8 workers / of 2, 50 callers"),
        new Metric("reference.echo.100_to_10", "x", Worse.Lower, "the same ratio of a bare echo over Unix sockets"),
    ];

    public override async Task SetUpAsync()
    {
        var options = new SnakepitOptions { Adapter = ShowcaseAdapter, Workers = Workers };
        _pool = Own(await SnakepitPool.StartAsync(options));
        _few = Own(await SnakepitPool.StartAsync(options with { Workers = FewWorkers }));
        _echo = Own(new EchoReference(Workers));
    }

    public override async Task MeasureAsync(Round round)
    {
        double fewRate = 0, echoTen = 0, echoHundred = 0;
        var totals = Callers.ToDictionary(callers => callers, _ => 0.0);
        Func<Task>[] slots =
        [
            .. Callers.Select<int, Func<Task>>(callers => async () => totals[callers] += (await RunAsync(_pool!, callers)).Elapsed.TotalMilliseconds),
            async () => fewRate += (await RunAsync(_few!, callers: 50)).Rate / 2,
            async () => echoTen += (await ClosedLoop.RunAsync(10, Calls, _echo!.CallAsync)).Rate / 2,
            async () => echoHundred += (await ClosedLoop.RunAsync(100, Calls, _echo!.CallAsync)).Rate / 2,
        ];
        // Half of each, there and back: a drift of the machine falls on all alike, and the ratios keep quiet.
        round.Random.Shuffle(slots);
        foreach (var slot in slots.Concat(slots.Reverse()))
        {
            await slot();
        }

        foreach (var callers in Callers)
        {
            round.Record($"scaling.{callers}.total", totals[callers]);
            round.Record($"scaling.{callers}.rate", Calls / totals[callers] * 1000);
        }

        round.Record("scaling.50_to_10", round["scaling.50.rate"] / round["scaling.10.rate"]);
        round.Record("scaling.100_to_10", round["scaling.100.rate"] / round["scaling.10.rate"]);
        round.Record("scaling.workers", round["scaling.50.rate"] / fewRate);
        round.Record("reference.echo.100_to_10", echoHundred / echoTen);
    }

    private static async Task<ClosedLoopResult> RunAsync(SnakepitPool pool, int callers)
    {
        var result = await ClosedLoop.RunAsync(callers, Calls / 2, () => pool.ExecuteAsync("ping"));
        ScenarioFailedException.ThrowIfAny(result.Errors, result.FirstError, $"{callers} callers");
        return result;
    }
}
