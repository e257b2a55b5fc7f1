using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Host;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// What leases, deadlines and statistics cost: pings through the pool, one caller a worker so that nobody queues, beside a loop written by hand over
/// the same transport, in turns and in one process. Not part of the suite: it compares the candidate with nothing but itself.
/// </summary>
internal sealed class OverheadScenario(WorkerTransport transport) : Scenario
{
    private const int Workers = 8;
    private const int WarmUp = 3_000; // until the just-in-time compiler has done with both
    private const int Slot = 150;
    private const int Pairs = 40;

    /// <summary>What the pool may take of a call.</summary>
    public const double Limit = 1.05;

    public override string Name => $"Overhead over {transport}";

    public override string Description => $"the pool beside a loop by hand over the same transport, {Workers} workers";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("overhead.pool.rate", "calls/s", Worse.Lower, "through the pool, one caller a worker"),
        new Metric("overhead.bare.rate", "calls/s", Worse.Lower, "by hand, one loop a worker"),
        new Metric("overhead.time", "x", Worse.Higher, "time of a call through the pool / by hand"),
        new Metric("overhead.pool.cpu", "µs/call", Worse.Higher, "CPU of host and workers, through the pool"),
        new Metric("overhead.bare.cpu", "µs/call", Worse.Higher, "CPU of host and workers, by hand"),
        new Metric("overhead.cpu", "x", Worse.Higher, "CPU of a call through the pool / by hand"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } = [];

    public override async Task MeasureAsync(Round round)
    {
        var pool = new SlotRequest(0, "closed") { Callers = Workers, Milliseconds = Slot };
        var bare = new SlotRequest(0, "bare") { Workers = Workers, Milliseconds = Slot };
        await round.EachAsync(async arm =>
        {
            await round.RunAsync(arm, new SlotRequest(0, "transport") { Kind = transport.ToString() });
            await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
            await round.InAnyOrderAsync(
                () => round.RunAsync(arm, pool with { Milliseconds = WarmUp }), () => round.RunAsync(arm, bare with { Milliseconds = WarmUp }));
            var (ofPool, ofBare) = (new List<SlotReply>(), new List<SlotReply>());
            for (var i = 0; i < Pairs; i++)
            {
                await round.InAnyOrderAsync(
                    async () => ofPool.Add(await round.RunAsync(arm, pool)), async () => ofBare.Add(await round.RunAsync(arm, bare)));
            }

            Record(round, arm, ofPool, ofBare);
        });
    }

    private static void Record(Round round, Arm arm, List<SlotReply> pool, List<SlotReply> bare)
    {
        round.Record(arm, "overhead.pool.rate", Round.Rate(pool));
        round.Record(arm, "overhead.bare.rate", Round.Rate(bare));
        round.Record(arm, "overhead.time", Round.Rate(bare) / Round.Rate(pool));
        round.Record(arm, "overhead.pool.cpu", Cpu(pool));
        round.Record(arm, "overhead.bare.cpu", Cpu(bare));
        round.Record(arm, "overhead.cpu", Cpu(pool) / Cpu(bare));
    }

    private static double Cpu(List<SlotReply> replies) => Round.PerCall(replies, "hostCpuUs") + Round.PerCall(replies, "workerCpuUs");
}
