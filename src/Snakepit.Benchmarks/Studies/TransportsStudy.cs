using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// Compares the transports gRPC and Direct. One process has a pool for each transport, and every load runs on both pools in turns.
/// </summary>
internal sealed class TransportsStudy : Study
{
    private const int Workers = 8;
    private const int ManyWorkers = 16;
    private const int WarmUpMs = 400;
    private const int SlotMs = 40;
    private const int Turns = 4;
    private const int WarmStarts = 4;

    private static readonly SingleCallerSlot SingleCaller = new(Count: 200);
    private static readonly StreamSlot Stream = new(Chunks: 2_000);
    private static readonly int[] Callers = [1, 10, 20, 50, 100];

    private static readonly (string Name, int Characters, int Count)[] Payloads =
        [("10K", 10_000, 50), ("1M", 1_000_000, 5), ("16M", 16_000_000, 1)];

    // The claims are weaker than what was measured when they were chosen: Direct had three times the rate, a third of the latency and half
    // the memory of gRPC.
    private static readonly Row[] Rows =
    [
        new("startup.16.fresh", "ms", Worse.Higher, "16 workers ready, in a fresh .NET process", null, all => all.FreshMs),
        new("startup.16.cold", "ms", Worse.Higher, "16 workers ready, no template yet, better of two", 1,
            all => all.Cold.Min(start => start.Ms)),
        new("startup.16.warm", "ms", Worse.Higher, $"16 workers ready, from a running template, best of {WarmStarts}", 1.3,
            all => all.Warm.Min(start => start.Ms)),
        new("single.p50", "ms", Worse.Higher, "one caller, p50", 1.5, all => all.Single.Milliseconds().Median),
        new("single.p99", "ms", Worse.Higher, "one caller, p99", null, all => all.Single.Milliseconds().Quantile(0.99)),
        .. Callers.Select(callers => new Row(
            $"{callers}.rate", "calls/s", Worse.Lower, callers == 1 ? "1 caller" : $"{callers} callers", callers >= 20 ? 1.5 : null,
            all => all.Calls[callers].Rate())),
        new("stream.rate", "chunks/s", Worse.Lower, "one stream", null, all => all.Streams.Rate()),
        .. Payloads.Select(payload => new Row(
            $"payload.{payload.Name}", "ms", Worse.Higher, $"{payload.Name}B there and back, p50", null,
            all => all.Payloads[payload.Name].Milliseconds().Median)),
        new("memory", "MB", Worse.Higher, "memory of one of 16 workers (PSS)", 1.5, all => all.Cold.Average(start => start.Megabytes)),
    ];

    private static readonly (WorkerTransport Transport, string Key, double Limit)[] Limits =
    [
        (WorkerTransport.Grpc, "startup.16.fresh", 300), (WorkerTransport.Direct, "startup.16.fresh", 200),
        (WorkerTransport.Grpc, "startup.16.warm", 100), (WorkerTransport.Direct, "startup.16.warm", 40),
        (WorkerTransport.Grpc, "memory", 7), (WorkerTransport.Direct, "memory", 2.5),
    ];

    public override string Name => "Transports";

    public override string Description => "gRPC against Direct: starts, calls, streams, payloads, memory";

    public override bool IsSettled => true;

    public override int Rounds => FewestRounds;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. Enum.GetValues<WorkerTransport>().SelectMany(transport => Rows.Select(row => row.Of(transport)))];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Rows.Select(row => Claim.Beside(
            $"Direct, beside gRPC: {row.What}", row.Of(WorkerTransport.Direct).Key, row.Of(WorkerTransport.Grpc).Key, row.AtLeast)),
        .. Limits.Select(limit => (limit.Transport, limit.Limit, Row: Rows.Single(row => row.Key == limit.Key))).Select(limit =>
            Claim.Within($"{limit.Transport}: {limit.Row.What}", limit.Row.Of(limit.Transport).Key, limit.Limit)),
    ];

    public override IReadOnlyList<string> Remarks { get; } =
        ["Limits are those of two quiet cores. What stands beside each other was measured in the same rounds and holds on any machine."];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        var measured = Enum.GetValues<WorkerTransport>().ToDictionary(transport => transport, _ => new Measured());
        await round.InAnyOrderAsync(() => FreshAsync(WorkerTransport.Grpc), () => FreshAsync(WorkerTransport.Direct));
        await EachAsync(async _ =>
        {
            await round.RunAsync(arm, new StartSlot(Workers));
            await round.RunAsync(arm, new ClosedLoopSlot(Callers: Workers, WarmUpMs));
            await round.RunAsync(arm, Stream);
        });
        for (var i = 0; i < Turns; i++)
        {
            // Both transports take turns with every load, so that a disturbance of the machine affects both alike.
            await EachAsync(all => CallAsync(round, arm, all));
        }

        await EachAsync(async all =>
        {
            foreach (var (name, characters, count) in Payloads)
            {
                all.Payloads[name] = [await round.RunAsync(arm, new PayloadSlot(characters, count))];
            }

            await round.RunAsync(arm, new StopSlot());
        });
        await EachAsync(all => StartAsync(round, arm, all));
        foreach (var (transport, all) in measured)
        {
            round.Record(arm, Rows.Select(row => row.Of(transport)), all);
        }

        Task FreshAsync(WorkerTransport transport) => round.EachFreshAsync(async process =>
        {
            await UseAsync(round, process, transport);
            measured[transport].FreshMs = (await round.RunAsync(process, new StartSlot(ManyWorkers))).Ms;
        });

        Task EachAsync(Func<Measured, Task> part) => round.InAnyOrderAsync(
            [.. measured.Select<KeyValuePair<WorkerTransport, Measured>, Func<Task>>(pair => async () =>
            {
                await UseAsync(round, arm, pair.Key);
                await part(pair.Value);
            })]);
    }

    private static async Task CallAsync(Round round, Arm arm, Measured all)
    {
        foreach (var callers in Callers)
        {
            all.Calls[callers].Add(await round.RunAsync(arm, new ClosedLoopSlot(callers, SlotMs)));

            // The single caller is measured after each of the other loads, because the result of a single measurement depends on which
            // processors the kernel gives to the host and the worker.
            all.Single.Add(await round.RunAsync(arm, SingleCaller));
        }

        all.Streams.Add(await round.RunAsync(arm, Stream));
    }

    private static async Task StartAsync(Round round, Arm arm, Measured all)
    {
        var slot = new StartSlot(ManyWorkers);
        all.Cold.Add(await PoolStart.RunAsync(round, arm, slot, withMemory: true));
        all.Cold.Add(await PoolStart.RunAsync(round, arm, slot, withMemory: true));
        await round.RunAsync(arm, new TemplateSlot(ManyWorkers));
        while (all.Warm.Count < WarmStarts)
        {
            all.Warm.Add(await PoolStart.RunAsync(round, arm, slot with { Kind = StartKind.Warm }, withMemory: true));
        }
    }

    /// <summary>
    /// A metric that is measured for each transport. <see cref="AtLeast"/> is the factor by which Direct is claimed to be better; null if
    /// nothing is claimed.
    /// </summary>
    private sealed record Row(string Key, string Unit, Worse Worse, string What, double? AtLeast, Func<Measured, double> Read)
    {
        public Reading<Measured> Of(WorkerTransport transport) => new($"transports.{KeyOf(transport)}.{Key}", Unit, Worse, What, Read);
    }

    /// <summary>The measured values of one transport in one round.</summary>
    private sealed class Measured
    {
        public double FreshMs { get; set; }

        public List<PoolStart> Cold { get; } = [];

        public List<PoolStart> Warm { get; } = [];

        public List<TimesReply> Single { get; } = [];

        public Dictionary<int, List<LoopReply>> Calls { get; } = Callers.ToDictionary(callers => callers, _ => new List<LoopReply>());

        public List<RateReply> Streams { get; } = [];

        public Dictionary<string, List<TimesReply>> Payloads { get; } = [];
    }
}
