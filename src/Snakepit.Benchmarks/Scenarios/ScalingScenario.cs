using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;
using Loads = System.Collections.Generic.Dictionary<int, System.Collections.Generic.List<Snakepit.Benchmarks.Protocol.Slots.LoopReply>>;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the number of pings per second from 10, 50 and 100 callers on 8 workers. When all workers are busy, more callers cannot raise
/// the rate, and each call waits longer instead (Little's law). The rate must not fall.
/// </summary>
internal sealed class ScalingScenario : Scenario
{
    private const int Workers = 8, FewWorkers = 2, Turns = 6;

    private static readonly int[] Callers = [10, 50, 100];

    private static readonly Reading<Loads>[] OfLoads =
    [
        .. Callers.Select(callers =>
            new Reading<Loads>($"scaling.{callers}.rate", "calls/s", Worse.Lower, $"{callers} callers", loads => loads[callers].Rate())),
        new("scaling.50_to_10", "x", Worse.Lower, "rate with 50 callers / with 10", loads => loads[50].Rate() / loads[10].Rate()),
        new("scaling.100_to_10", "x", Worse.Lower, "rate with 100 callers / with 10", loads => loads[100].Rate() / loads[10].Rate()),
    ];

    private static readonly Reading<(Loads Loads, List<LoopReply> Few)>[] OfFewWorkers =
    [
        new("scaling.workers", "x", Worse.Lower, $"rate of {Workers} workers / of {FewWorkers}, 50 callers",
            both => both.Loads[50].Rate() / both.Few.Rate()),
    ];

    private static readonly Reading<Loads>[] OfCosts =
    [
        new("scaling.100.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, 100 callers",
            loads => loads[100].PerCall(reply => reply.HostCpuUs)) { Cause = "the .NET side" },
        new("scaling.100.contentions", "1/call", Worse.Higher, "threads that waited for a lock, 100 callers",
            loads => loads[100].PerCall(reply => reply.Contentions)) { Cause = "lock contention" },
        new("scaling.100.work_items", "1/call", Worse.Higher, "items of the .NET thread pool, 100 callers",
            loads => loads[100].PerCall(reply => reply.WorkItems)) { Cause = "the .NET side" },
        new("scaling.100.switches.workers", "1/call", Worse.Higher,
            "waits of the workers' threads, for a frame, a lock or the GIL, 100 callers",
            loads => loads[100].PerCall(reply => reply.WorkerSwitches)) { Cause = "the GIL" },
        new("scaling.100.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor, 100 callers",
            loads => loads[100].PerCall(reply => reply.WorkerWaitUs)) { Cause = "processors" },
    ];

    public override string Name => "Scaling";

    public override string Description => $"pings per second from 10, 50 and 100 callers, {Workers} workers; and from 50 on {FewWorkers}";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. OfLoads, .. OfFewWorkers, .. OfCosts];

    public override async Task MeasureAsync(Round round)
    {
        var few = new Dictionary<Arm, List<LoopReply>>();
        if (round.IsRare && round.Wants(OfFewWorkers))
        {
            await StartAsync(round, FewWorkers);
            few = await round.RepliesAsync(Turns, Load(50));
            await round.EachAsync(arm => round.RunAsync(arm, new StopSlot()));
        }

        await StartAsync(round, Workers);
        var all = new Dictionary<Arm, Loads>();
        for (var i = 0; i < Turns; i++)
        {
            // All loads take turns, so that their rates are compared on the same pool and at nearly the same time.
            await round.InAnyOrderAsync([.. Callers.Select<int, Func<Task>>(callers => async () =>
            {
                foreach (var (arm, replies) in await round.RepliesAsync(2, Load(callers)))
                {
                    all.TryAdd(arm, Callers.ToDictionary(one => one, _ => new List<LoopReply>()));
                    all[arm][callers].AddRange(replies);
                }
            })]);
        }

        foreach (var (arm, loads) in all)
        {
            round.Record(arm, OfLoads, loads);
            round.Record(arm, OfCosts, loads);
            if (few.TryGetValue(arm, out var replies))
            {
                round.Record(arm, OfFewWorkers, (loads, replies));
            }
        }
    }

    private static async Task StartAsync(Round round, int workers)
    {
        await round.TogetherAsync(new StartSlot(workers));
        await round.EachAsync(arm => round.RunAsync(arm, Load(50) with { Milliseconds = 300 })); // warms up the host and the workers
    }

    private static ClosedLoopSlot Load(int callers) => new(callers, Milliseconds: 50);
}
