using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// What leases, deadlines and statistics cost: pings through the pool, one caller a worker so that nobody queues, beside a loop written by hand over
/// the same transport, in turns and in one process.
/// </summary>
internal sealed class OverheadStudy : Study
{
    private const int Workers = 8;
    private const int WarmUp = 500;
    private const int Slot = 150;
    private const int Pairs = 40;

    private const double AtLeast = 0.95;

    private static readonly WorkerTransport[] Transports = [WorkerTransport.Grpc, WorkerTransport.Direct];

    public override string Name => "Overhead";

    public override string Description => $"the pool beside a loop by hand over the same transport, {Workers} workers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Transports.SelectMany(transport => new[]
        {
            new Metric($"overhead.{KeyOf(transport)}.pool.rate", "calls/s", Worse.Lower, "through the pool, one caller a worker"),
            new Metric($"overhead.{KeyOf(transport)}.bare.rate", "calls/s", Worse.Lower, "by hand, one loop a worker"),
            new Metric($"overhead.{KeyOf(transport)}.pool.cpu", "µs/call", Worse.Higher, "CPU of host and workers, through the pool"),
            new Metric($"overhead.{KeyOf(transport)}.bare.cpu", "µs/call", Worse.Higher, "CPU of host and workers, by hand"),
        }),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Transports.SelectMany(transport => new[]
        {
            Claim.Beside(
                $"{transport}: calls through the pool, beside by hand", $"overhead.{KeyOf(transport)}.pool.rate", $"overhead.{KeyOf(transport)}.bare.rate", AtLeast),
            Claim.Beside(
                $"{transport}: CPU of a call, beside by hand", $"overhead.{KeyOf(transport)}.pool.cpu", $"overhead.{KeyOf(transport)}.bare.cpu"),
        }),
    ];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        var pool = new SlotRequest(0, "closed") { Callers = Workers, Milliseconds = Slot };
        var bare = new SlotRequest(0, "bare") { Workers = Workers, Milliseconds = Slot };
        foreach (var transport in Transports)
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
            await round.InAnyOrderAsync(
                () => round.RunAsync(arm, pool with { Milliseconds = WarmUp }), () => round.RunAsync(arm, bare with { Milliseconds = WarmUp }));
            var (ofPool, ofBare) = (new List<SlotReply>(), new List<SlotReply>());
            for (var i = 0; i < Pairs; i++)
            {
                await round.InAnyOrderAsync(
                    async () => ofPool.Add(await round.RunAsync(arm, pool)), async () => ofBare.Add(await round.RunAsync(arm, bare)));
            }

            Record(round, arm, $"overhead.{KeyOf(transport)}.pool", ofPool);
            Record(round, arm, $"overhead.{KeyOf(transport)}.bare", ofBare);
        }
    }

    private static void Record(Round round, Arm arm, string key, List<SlotReply> replies)
    {
        round.Record(arm, $"{key}.rate", Round.Rate(replies));
        round.Record(arm, $"{key}.cpu", Round.PerCall(replies, "hostCpuUs") + Round.PerCall(replies, "workerCpuUs"));
    }
}
