using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Pings per second from 10, 50 and 100 callers on 8 workers. Beyond saturation the rate is flat and latency grows (Little's law); what must not
/// happen is that the rate falls.
/// </summary>
internal sealed class ScalingScenario : Scenario
{
    private const int Workers = 8;
    private const int FewWorkers = 2;
    private const int Slot = 50;
    private const int Turns = 6;

    private static readonly int[] Callers = [10, 50, 100];

    private static readonly (string Metric, string Cost)[] Costs =
    [
        ("scaling.100.cpu.host", "hostCpuUs"),
        ("scaling.100.contentions", "contentions"),
        ("scaling.100.work_items", "workItems"),
        ("scaling.100.switches.workers", "workerSwitches"),
        ("scaling.100.wait.workers", "workerWaitUs"),
    ];

    public override string Name => "Scaling";

    public override string Description => $"pings per second from 10, 50 and 100 callers, {Workers} workers; and from 50 on {FewWorkers}";

    public override bool IsSettled => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Callers.Select(callers => new Metric($"scaling.{callers}.rate", "calls/s", Worse.Lower, $"{callers} callers")),
        new Metric("scaling.50_to_10", "x", Worse.Lower, "rate with 50 callers / with 10"),
        new Metric("scaling.100_to_10", "x", Worse.Lower, "rate with 100 callers / with 10"),
        new Metric("scaling.workers", "x", Worse.Lower, $"rate of {Workers} workers / of {FewWorkers}, 50 callers"),
        new Metric("scaling.100.cpu.host", "µs/call", Worse.Higher, "CPU of the .NET process, 100 callers"),
        new Metric("scaling.100.contentions", "1/call", Worse.Higher, "threads that waited for a lock, 100 callers"),
        new Metric("scaling.100.work_items", "1/call", Worse.Higher, "items of the .NET thread pool, 100 callers"),
        new Metric("scaling.100.switches.workers", "1/call", Worse.Higher, "waits of the workers' threads, for a frame, a lock or the GIL, 100 callers"),
        new Metric("scaling.100.wait.workers", "µs/call", Worse.Higher, "workers ready to run without a processor, 100 callers"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } =
    [
        new Hint("lock contention", ["scaling.100.contentions"]),
        new Hint("the .NET side", ["scaling.100.cpu.host", "scaling.100.work_items"]),
        new Hint("the GIL", ["scaling.100.switches.workers"]),
        new Hint("processors", ["scaling.100.wait.workers"]),
    ];

    public override async Task MeasureAsync(Round round)
    {
        var few = round.IsRare && round.Wants("scaling.workers") ? await FewAsync(round) : null;
        await StartAsync(round, Workers);
        var rates = Callers.ToDictionary(callers => callers, _ => new Dictionary<Arm, List<SlotReply>>());
        for (var i = 0; i < Turns; i++)
        {
            // All loads by turns: what is compared is the same pool in the same moments.
            await round.InAnyOrderAsync([.. Callers.Select<int, Func<Task>>(callers => async () =>
            {
                foreach (var (arm, replies) in await round.RepliesAsync(2, Closed(callers)))
                {
                    rates[callers].TryAdd(arm, []);
                    rates[callers][arm].AddRange(replies);
                }
            })]);
        }

        foreach (var arm in rates[100].Keys)
        {
            foreach (var callers in Callers)
            {
                round.Record(arm, $"scaling.{callers}.rate", Round.Rate(rates[callers][arm]));
            }

            round.Record(arm, "scaling.50_to_10", round[arm, "scaling.50.rate"] / round[arm, "scaling.10.rate"]);
            round.Record(arm, "scaling.100_to_10", round[arm, "scaling.100.rate"] / round[arm, "scaling.10.rate"]);
            if (few is not null)
            {
                round.Record(arm, "scaling.workers", round[arm, "scaling.50.rate"] / Round.Rate(few[arm]));
            }

            foreach (var (metric, cost) in Costs)
            {
                round.Record(arm, metric, Round.PerCall(rates[100][arm], cost));
            }
        }
    }

    private static async Task<IReadOnlyDictionary<Arm, List<SlotReply>>> FewAsync(Round round)
    {
        await StartAsync(round, FewWorkers);
        var replies = await round.RepliesAsync(6, Closed(50));
        await round.EachAsync(arm => round.RunAsync(arm, new SlotRequest(0, "stop")));
        return replies;
    }

    private static async Task StartAsync(Round round, int workers)
    {
        await round.TogetherAsync(_ => new SlotRequest(0, "start") { Workers = workers, Kind = "cold" });
        await round.EachAsync(arm => round.RunAsync(arm, Closed(50) with { Milliseconds = 300 }));
    }

    private static SlotRequest Closed(int callers) => new(0, "closed") { Callers = callers, Milliseconds = Slot };
}
