using System.Diagnostics;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// How long a ping takes from its intended start. One schedule of an open loop is dealt to both sides, of each two requests one to each, so that
/// both meet the same machine in the same moments. And one caller alone, which shows the path itself.
/// </summary>
internal sealed class LatencyScenario : Scenario
{
    private const int Workers = 8;
    private const int CallsOfOne = 5_000;
    private const int CallsOfWarmUp = 400;
    private const double RateOfOne = 1_200;
    private const int WindowCount = 40;
    private const int SingleSlots = 10;
    private const int SingleCalls = 200;

    private static readonly string[] OfSingle = ["latency.single.p50", "latency.single.p99"];

    public override string Name => "Latency";

    public override string Description => $"a ping's latency, {RateOfOne} a second on each side in an open loop, and one caller alone";

    public override bool IsSettled => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("latency.min", "ms", Worse.Higher, "open loop, from the intended start"),
        new Metric("latency.p50", "ms", Worse.Higher, "open loop"),
        new Metric("latency.p95", "ms", Worse.Higher, "open loop"),
        new Metric("latency.p99", "ms", Worse.Higher, "open loop"),
        new Metric("latency.windows.p95", "ms", Worse.Higher, $"of {CallsOfOne / WindowCount} calls in a row, geometric mean over the open loop"),
        new Metric("latency.windows.p99", "ms", Worse.Higher, $"of {CallsOfOne / WindowCount} calls in a row, geometric mean over the open loop"),
        new Metric("latency.max", "ms", Worse.Higher, "open loop"),
        new Metric("latency.generator.p99", "ms", Worse.Higher, "how late the load generator itself was"),
        new Metric("latency.queued", "µs/call", Worse.Higher, "in the queue for a worker"),
        new Metric("latency.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor"),
        new Metric("latency.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, load generator included"),
        new Metric("latency.cpu.workers", "µs/call", Worse.Higher, "CPU of the workers"),
        new Metric("latency.compiled", "1/call", Worse.Higher, "methods that the .NET process was still compiling"),
        new Metric("latency.single.p50", "ms", Worse.Higher, "one caller, closed loop"),
        new Metric("latency.single.p99", "ms", Worse.Higher, "one caller, closed loop"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } =
    [
        new Hint("transport and pool without a queue", ["latency.single.p50"]),
        new Hint("queue", ["latency.queued"]),
        new Hint(".NET and Python", ["latency.cpu.host", "latency.cpu.workers"]),
        new Hint("processors", ["latency.wait.workers"]),
        new Hint("load generator", ["latency.generator.p99"]),
        new Hint("just-in-time compilation", ["latency.compiled"]),
    ];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(_ => new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
        await round.EachAsync(arm => round.RunAsync(arm, new SlotRequest(0, "closed") { Callers = Workers, Milliseconds = 300 }));
        await OpenAsync(round, CallsOfWarmUp);
        await round.InAnyOrderAsync(() => MeasuredOpenAsync(round), () => round.Wants(OfSingle) ? SingleAsync(round) : Task.CompletedTask);
    }

    private static Task<IReadOnlyList<(Arm Arm, SlotReply Reply)>> OpenAsync(Round round, int calls)
    {
        var deal = Deal(round.Random, calls);
        var begin = Stopwatch.GetTimestamp() + (long)(0.1 * Stopwatch.Frequency);
        return round.TogetherAsync(arm => new SlotRequest(0, "open") { Starts = [.. deal[arm.Side]], Begin = begin });
    }

    private static async Task MeasuredOpenAsync(Round round)
    {
        foreach (var (arm, reply) in await OpenAsync(round, CallsOfOne))
        {
            double[] inOrder = [.. Round.Milliseconds(reply)];
            var latency = new Sample(inOrder);
            round.Record(arm, "latency.min", latency.Min);
            round.Record(arm, "latency.p50", latency.Median);
            round.Record(arm, "latency.p95", latency.Quantile(0.95));
            round.Record(arm, "latency.p99", latency.Quantile(0.99));
            round.Record(arm, "latency.windows.p95", WindowedQuantile.Of(inOrder, WindowCount, 0.95));
            round.Record(arm, "latency.windows.p99", WindowedQuantile.Of(inOrder, WindowCount, 0.99));
            round.Record(arm, "latency.max", latency.Max);
            round.Record(arm, "latency.generator.p99", reply["latenessP99Ms"]);
            round.Record(arm, "latency.queued", reply["queuedUs"]);
            round.Record(arm, "latency.wait.workers", reply["workerWaitUs"]);
            round.Record(arm, "latency.cpu.host", reply["hostCpuUs"]);
            round.Record(arm, "latency.cpu.workers", reply["workerCpuUs"]);
            round.Record(arm, "latency.compiled", reply["compiled"]);
        }
    }

    private static async Task SingleAsync(Round round)
    {
        foreach (var (arm, replies) in await round.RepliesAsync(SingleSlots, new SlotRequest(0, "single") { Count = SingleCalls }))
        {
            var sample = Round.Milliseconds(replies);
            round.Record(arm, "latency.single.p50", sample.Median);
            round.Record(arm, "latency.single.p99", sample.Quantile(0.99));
        }
    }

    /// <summary>When so many calls start on either side, in microseconds.</summary>
    private static Dictionary<Side, List<int>> Deal(Random random, int calls)
    {
        var schedule = Schedule.Poisson(2 * RateOfOne, 2 * calls, random.Next());
        var deal = new Dictionary<Side, List<int>> { [Side.Candidate] = [], [Side.Pin] = [] };
        for (var i = 0; i < schedule.Starts.Length; i += 2)
        {
            var first = random.Next(2);
            deal[first == 0 ? Side.Candidate : Side.Pin].Add((int)schedule.Starts[i].TotalMicroseconds);
            deal[first == 0 ? Side.Pin : Side.Candidate].Add((int)schedule.Starts[i + 1].TotalMicroseconds);
        }

        return deal;
    }
}
