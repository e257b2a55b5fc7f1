using System.Diagnostics;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the duration of a ping. Both sides run an open loop at the same time, and each duration is measured from the intended start of
/// the call. The calls of the common schedule are divided into pairs of neighbours, and each side gets one call of each pair, so that a
/// disturbance of the machine affects both sides alike. A single caller, whose calls never wait in the queue, is also measured.
/// </summary>
internal sealed class LatencyScenario : Scenario
{
    private const int Workers = 8;
    private const int Calls = 5_000;
    private const int WarmUpCalls = 400;
    private const double CallsPerSecond = 1_200;
    private const int Windows = 40;
    private const int SingleSlots = 10;
    private const int SingleCalls = 200;

    private static readonly string InWindows = $"of {Calls / Windows} calls in a row, geometric mean over the open loop";

    private static readonly Reading<OpenLoopReply>[] OfOpenLoop =
    [
        new("latency.min", "ms", Worse.Higher, "open loop, from the intended start", reply => Times(reply).Min),
        new("latency.p50", "ms", Worse.Higher, "open loop", reply => Times(reply).Median),
        new("latency.p95", "ms", Worse.Higher, "open loop", reply => Times(reply).Quantile(0.95)),
        new("latency.p99", "ms", Worse.Higher, "open loop", reply => Times(reply).Quantile(0.99)),
        new("latency.windows.p95", "ms", Worse.Higher, InWindows, reply => Windowed(reply, 0.95)),
        new("latency.windows.p99", "ms", Worse.Higher, InWindows, reply => Windowed(reply, 0.99)),
        new("latency.max", "ms", Worse.Higher, "open loop", reply => Times(reply).Max),
        new("latency.generator.p99", "ms", Worse.Higher, "how late the load generator itself was", reply => reply.LatenessP99Ms)
            { Cause = "load generator" },
        new("latency.queued", "µs/call", Worse.Higher, "in the queue for a worker", reply => reply.QueuedUs) { Cause = "queue" },
        new("latency.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor", reply => reply.WorkerWaitUs)
            { Cause = "processors" },
        new("latency.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, load generator included", reply => reply.HostCpuUs)
            { Cause = ".NET and Python" },
        new("latency.cpu.workers", "µs/call", Worse.Higher, "CPU of the workers", reply => reply.WorkerCpuUs) { Cause = ".NET and Python" },
        new("latency.compiled", "1/call", Worse.Higher, "methods that the .NET process was still compiling", reply => reply.Compiled)
            { Cause = "just-in-time compilation" },
    ];

    private static readonly Reading<List<TimesReply>>[] OfSingleCaller =
    [
        new("latency.single.p50", "ms", Worse.Higher, "one caller, closed loop", replies => replies.Milliseconds().Median)
            { Cause = "transport and pool without a queue" },
        new("latency.single.p99", "ms", Worse.Higher, "one caller, closed loop", replies => replies.Milliseconds().Quantile(0.99)),
    ];

    public override string Name => "Latency";

    public override string Description => $"a ping's latency, {CallsPerSecond} a second on each side in an open loop, and one caller alone";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. OfOpenLoop, .. OfSingleCaller];

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new StartSlot(Workers));
        await round.EachAsync(arm => round.RunAsync(arm, new ClosedLoopSlot(Callers: Workers, Milliseconds: 300)));
        await OpenLoopAsync(round, WarmUpCalls);
        await round.InAnyOrderAsync(
            async () =>
            {
                foreach (var (arm, reply) in await OpenLoopAsync(round, Calls))
                {
                    round.Record(arm, OfOpenLoop, reply);
                }
            },
            () => round.RecordAsync(SingleSlots, new SingleCallerSlot(SingleCalls), OfSingleCaller));
    }

    private static Task<IReadOnlyList<(Arm Arm, OpenLoopReply Reply)>> OpenLoopAsync(Round round, int calls)
    {
        var starts = SharedSchedule.Of(CallsPerSecond, calls, round.Random);
        var begin = Stopwatch.GetTimestamp() + (long)(0.1 * Stopwatch.Frequency);
        return round.TogetherAsync(arm => new OpenLoopSlot([.. starts[arm.Side]], begin));
    }

    private static Sample Times(OpenLoopReply reply) => new(reply.Milliseconds());

    private static double Windowed(OpenLoopReply reply, double p) => WindowedQuantile.Of([.. reply.Milliseconds()], Windows, p);
}
