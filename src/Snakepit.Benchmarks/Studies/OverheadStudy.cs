using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// Measures what leases, deadlines and statistics cost. It compares pings through the pool, with one caller for each worker so that no call
/// has to wait, with a simple loop over the same transport, written by hand. Both take turns in the same process.
/// </summary>
internal sealed class OverheadStudy : Study
{
    private const int Workers = 8;
    private const int WarmUpMs = 500;
    private const int Pairs = 40;
    private const double AtLeast = 0.95;

    private static readonly ClosedLoopSlot ThroughPool = new(Callers: Workers, Milliseconds: 150);
    private static readonly BareLoopSlot ByHand = new(Workers, Milliseconds: 150);

    private static readonly WorkerTransport[] Transports = [WorkerTransport.Grpc, WorkerTransport.Direct];

    private static readonly Dictionary<WorkerTransport, Reading<List<LoopReply>>[]> OfPool =
        Transports.ToDictionary(transport => transport, transport => Loop(transport, "pool", "through the pool", "one caller a worker"));

    private static readonly Dictionary<WorkerTransport, Reading<List<LoopReply>>[]> OfBare =
        Transports.ToDictionary(transport => transport, transport => Loop(transport, "bare", "by hand", "one loop a worker"));

    public override string Name => "Overhead";

    public override string Description => $"the pool beside a loop by hand over the same transport, {Workers} workers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. Transports.SelectMany(transport => OfPool[transport].Concat(OfBare[transport]))];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Transports.SelectMany(transport => new[]
        {
            Claim.Beside(
                $"{transport}: calls through the pool, beside by hand", OfPool[transport][0].Key, OfBare[transport][0].Key, AtLeast),
            Claim.Beside($"{transport}: CPU of a call, beside by hand", OfPool[transport][1].Key, OfBare[transport][1].Key),
        }),
    ];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        foreach (var transport in Transports)
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new StartSlot(Workers));
            await round.InAnyOrderAsync(
                () => round.RunAsync(arm, ThroughPool with { Milliseconds = WarmUpMs }),
                () => round.RunAsync(arm, ByHand with { Milliseconds = WarmUpMs }));
            var (pool, bare) = (new List<LoopReply>(), new List<LoopReply>());
            for (var i = 0; i < Pairs; i++)
            {
                await round.InAnyOrderAsync(
                    async () => pool.Add(await round.RunAsync(arm, ThroughPool)), async () => bare.Add(await round.RunAsync(arm, ByHand)));
            }

            round.Record(arm, OfPool[transport], pool);
            round.Record(arm, OfBare[transport], bare);
        }
    }

    private static Reading<List<LoopReply>>[] Loop(WorkerTransport transport, string way, string how, string load) =>
    [
        new($"overhead.{KeyOf(transport)}.{way}.rate", "calls/s", Worse.Lower, $"{how}, {load}", replies => replies.Rate()),
        new($"overhead.{KeyOf(transport)}.{way}.cpu", "µs/call", Worse.Higher, $"CPU of host and workers, {how}",
            replies => replies.PerCall(reply => reply.HostCpuUs) + replies.PerCall(reply => reply.WorkerCpuUs)),
    ];
}
