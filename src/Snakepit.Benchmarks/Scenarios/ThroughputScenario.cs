using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Measures the number of pings per second from 20 callers on 8 workers, and what each ping costs.</summary>
internal sealed class ThroughputScenario : Scenario
{
    private const int Workers = 8;
    private const int Callers = 20;
    private const int Slots = 16;
    private const string DotNet = "the .NET side";
    private const string Python = "the Python side";
    private const string Queue = "queue saturation";

    private static readonly ClosedLoopSlot Load = new(Callers, Milliseconds: 50);

    private static readonly Reading<List<LoopReply>>[] OfLoad =
    [
        new("throughput.8.rate", "calls/s", Worse.Lower, $"closed loop, {Callers} callers", replies => replies.Rate()),
        new("throughput.8.rate.per_worker", "calls/s", Worse.Lower, "the same, per worker", replies => replies.Rate() / Workers),
        new("throughput.8.time_100", "ms", Worse.Higher, "100 calls at that rate", replies => 100 / replies.Rate() * 1000),

        // The CPU time of a call depends on how many answers the host reads at once, which is a matter of chance. The mean over all slots
        // varies by 14 % from round to round, and the mean over the better half of the slots by 9 %. A change that makes fewer than half of
        // the slots worse shows in the latencies.
        new("throughput.8.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, better half of the slots",
            replies => replies.Sample(reply => reply.HostCpuUs).LowerHalfMean) { Cause = DotNet },
        new("throughput.8.cpu.workers", "µs/call", Worse.Higher, "CPU of the workers",
            replies => replies.PerCall(reply => reply.WorkerCpuUs)) { Cause = Python },
        new("throughput.8.allocated", "B/call", Worse.Higher, "allocated by the .NET process",
            replies => replies.PerCall(reply => reply.Bytes)) { Cause = DotNet },
        new("throughput.8.frames", "frames/call", Worse.Higher, "both ways",
            replies => replies.PerCall(reply => reply.Frames)) { Cause = "frames" },
        new("throughput.8.contentions", "1/call", Worse.Higher, "threads of the .NET process that waited for a lock",
            replies => replies.PerCall(reply => reply.Contentions)) { Cause = "locks" },
        new("throughput.8.queued", "µs/call", Worse.Higher, "in the queue for a worker",
            replies => replies.PerCall(reply => reply.QueuedUs)) { Cause = Queue },
        new("throughput.8.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor",
            replies => replies.PerCall(reply => reply.WorkerWaitUs)) { Cause = Queue },
        new("throughput.8.work_items", "1/call", Worse.Higher, "items of the .NET thread pool",
            replies => replies.PerCall(reply => reply.WorkItems)) { Cause = DotNet },
        new("throughput.8.switches.workers", "1/call", Worse.Higher, "waits of the workers' threads, for a frame, a lock or the GIL",
            replies => replies.PerCall(reply => reply.WorkerSwitches)) { Cause = Python },
        new("throughput.8.compiled", "1/call", Worse.Higher, "methods that the .NET process was still compiling",
            replies => replies.PerCall(reply => reply.Compiled)) { Cause = "just-in-time compilation" },
    ];

    public override string Name => "Throughput";

    public override string Description => $"pings per second and their cost, {Workers} workers, {Callers} callers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings => OfLoad;

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new StartSlot(Workers));
        await round.EachAsync(arm => round.RunAsync(arm, Load with { Milliseconds = 300 })); // warms up the host and the workers
        await round.RecordAsync(Slots, Load, OfLoad);
    }
}
