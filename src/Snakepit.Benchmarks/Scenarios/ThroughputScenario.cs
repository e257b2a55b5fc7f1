using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Pings per second, 8 workers, 20 callers, and what each costs.</summary>
internal sealed class ThroughputScenario : Scenario
{
    private const int Workers = 8;
    private const int Callers = 20;
    private const int Slot = 50;

    private static readonly (string Metric, string Cost)[] Costs =
    [
        ("throughput.8.cpu.workers", "workerCpuUs"),
        ("throughput.8.allocated", "bytes"),
        ("throughput.8.frames", "frames"),
        ("throughput.8.wait.workers", "workerWaitUs"),
        ("throughput.8.contentions", "contentions"),
        ("throughput.8.queued", "queuedUs"),
        ("throughput.8.work_items", "workItems"),
        ("throughput.8.switches.workers", "workerSwitches"),
        ("throughput.8.compiled", "compiled"),
    ];

    public override string Name => "Throughput";

    public override string Description => $"pings per second and their cost, {Workers} workers, {Callers} callers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("throughput.8.rate", "calls/s", Worse.Lower, $"closed loop, {Callers} callers"),
        new Metric("throughput.8.rate.per_worker", "calls/s", Worse.Lower, "the same, per worker"),
        new Metric("throughput.8.time_100", "ms", Worse.Higher, "100 calls at that rate"),
        new Metric("throughput.8.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, better half of the slots"),
        new Metric("throughput.8.cpu.workers", "µs/call", Worse.Higher, "CPU of the workers"),
        new Metric("throughput.8.allocated", "B/call", Worse.Higher, "allocated by the .NET process"),
        new Metric("throughput.8.frames", "frames/call", Worse.Higher, "both ways"),
        new Metric("throughput.8.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor"),
        new Metric("throughput.8.contentions", "1/call", Worse.Higher, "threads of the .NET process that waited for a lock"),
        new Metric("throughput.8.queued", "µs/call", Worse.Higher, "in the queue for a worker"),
        new Metric("throughput.8.work_items", "1/call", Worse.Higher, "items of the .NET thread pool"),
        new Metric("throughput.8.switches.workers", "1/call", Worse.Higher, "waits of the workers' threads, for a frame, a lock or the GIL"),
        new Metric("throughput.8.compiled", "1/call", Worse.Higher, "methods that the .NET process was still compiling"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } =
    [
        new Hint("the .NET side", ["throughput.8.cpu.host", "throughput.8.allocated", "throughput.8.work_items"]),
        new Hint("the Python side", ["throughput.8.cpu.workers", "throughput.8.switches.workers"]),
        new Hint("frames", ["throughput.8.frames"]),
        new Hint("locks", ["throughput.8.contentions"]),
        new Hint("queue saturation", ["throughput.8.queued", "throughput.8.wait.workers"]),
        new Hint("just-in-time compilation", ["throughput.8.compiled"]),
    ];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(_ => new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
        await round.EachAsync(arm => round.RunAsync(arm, Closed(Callers, 300)));
        foreach (var (arm, replies) in await round.RepliesAsync(16, Closed(Callers, Slot)))
        {
            var rate = Round.Rate(replies);
            round.Record(arm, "throughput.8.rate", rate);
            round.Record(arm, "throughput.8.rate.per_worker", rate / Workers);
            round.Record(arm, "throughput.8.time_100", 100 / rate * 1000);

            // How many answers the host finds at a time differs from slot to slot: over all of them its CPU differs by 14 % from round to round, over
            // the better half by 9. What makes less than half of the slots worse is for the latencies to find.
            round.Record(arm, "throughput.8.cpu.host", Round.Values(replies, "hostCpuUs").LowerHalfMean);
            foreach (var (metric, cost) in Costs)
            {
                round.Record(arm, metric, Round.PerCall(replies, cost));
            }
        }
    }

    private static SlotRequest Closed(int callers, int milliseconds) => new(0, "closed") { Callers = callers, Milliseconds = milliseconds };
}
