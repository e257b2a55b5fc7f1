using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>gRPC against Direct: one pool of each in one process, every load on both in turns.</summary>
internal sealed class TransportsStudy : Study
{
    private const int Workers = 8;
    private const int Many = 16;
    private const int WarmUp = 400;
    private const int Slot = 40;
    private const int Slots = 4;
    private const int Singles = 200;
    private const int WarmStarts = 4;
    private const int Chunks = 2_000;

    private static readonly int[] Callers = [1, 10, 20, 50, 100];

    private static readonly (string Name, int Size, int Count)[] Payloads = [("10K", 10_000, 50), ("1M", 1_000_000, 5), ("16M", 16_000_000, 1)];

    // What Direct is for: measured 3 times the rate, a third of the latency, half the memory.
    private static readonly (string Key, string Unit, Worse Worse, string What, double? AtLeast)[] Rows =
    [
        ("startup.16.fresh", "ms", Worse.Higher, "16 workers ready, in a fresh .NET process", null),
        ("startup.16.cold", "ms", Worse.Higher, "16 workers ready, no template yet, better of two", 1),
        ("startup.16.warm", "ms", Worse.Higher, $"16 workers ready, from a running template, best of {WarmStarts}", 1.3),
        ("single.p50", "ms", Worse.Higher, "one caller, p50", 1.5),
        ("single.p99", "ms", Worse.Higher, "one caller, p99", null),
        .. Callers.Select(callers => ($"{callers}.rate", "calls/s", Worse.Lower, callers == 1 ? "1 caller" : $"{callers} callers", callers >= 20 ? 1.5 : (double?)null)),
        ("stream.rate", "chunks/s", Worse.Lower, "one stream", null),
        .. Payloads.Select(payload => ($"payload.{payload.Name}", "ms", Worse.Higher, $"{payload.Name}B there and back, p50", (double?)null)),
        ("memory", "MB", Worse.Higher, "memory of one of 16 workers (PSS)", 1.5),
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

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Enum.GetValues<WorkerTransport>().SelectMany(transport => Rows.Select(row => new Metric(Key(transport, row.Key), row.Unit, row.Worse, row.What))),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Rows.Select(row => Claim.Beside(
            $"Direct, beside gRPC: {row.What}", Key(WorkerTransport.Direct, row.Key), Key(WorkerTransport.Grpc, row.Key), row.AtLeast)),
        .. Limits.Select(limit => Claim.Within(
            $"{limit.Transport}: {Rows.Single(row => row.Key == limit.Key).What}", Key(limit.Transport, limit.Key), limit.Limit)),
    ];

    public override IReadOnlyList<string> Remarks { get; } =
        ["Limits are those of two quiet cores; what stands beside each other was measured in the same rounds and holds anywhere."];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        await round.InAnyOrderAsync(
            () => FreshAsync(round, arm, WorkerTransport.Grpc), () => FreshAsync(round, arm, WorkerTransport.Direct));
        await EachAsync(round, arm, async transport =>
        {
            await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
            await round.RunAsync(arm, new SlotRequest(0, "closed") { Callers = Workers, Milliseconds = WarmUp });
            await round.RunAsync(arm, new SlotRequest(0, "stream") { Count = Chunks });
        });
        await CallsAsync(round, arm);
        await EachAsync(round, arm, async transport =>
        {
            foreach (var (name, size, count) in Payloads)
            {
                var reply = await round.RunAsync(arm, new SlotRequest(0, "payload") { Amount = size, Count = count });
                round.Record(arm, Key(transport, $"payload.{name}"), Round.Milliseconds([reply]).Median);
            }

            await round.RunAsync(arm, new SlotRequest(0, "stop"));
        });
        await EachAsync(round, arm, transport => StartsAsync(round, arm, transport));
    }

    /// <summary>Every load on both transports in turns: what is compared has met the same moments of the machine.</summary>
    private static async Task CallsAsync(Round round, Arm arm)
    {
        var collected = new Collected();
        for (var i = 0; i < Slots; i++)
        {
            await EachAsync(round, arm, async transport =>
            {
                foreach (var callers in Callers)
                {
                    collected.Add(Key(transport, $"{callers}.rate"), await round.RunAsync(arm, new SlotRequest(0, "closed") { Callers = callers, Milliseconds = Slot }));
                    // Between all of them, because where the kernel puts the two ends of one caller differs from moment to moment.
                    collected.Add(Key(transport, "single"), await round.RunAsync(arm, new SlotRequest(0, "single") { Count = Singles }));
                }

                collected.Add(Key(transport, "stream.rate"), await round.RunAsync(arm, new SlotRequest(0, "stream") { Count = Chunks }));
            });
        }

        foreach (var transport in Enum.GetValues<WorkerTransport>())
        {
            var single = Round.Milliseconds(collected[Key(transport, "single")]);
            round.Record(arm, Key(transport, "single.p50"), single.Median);
            round.Record(arm, Key(transport, "single.p99"), single.Quantile(0.99));
            collected.RecordRate(round, arm, Key(transport, "stream.rate"));
            foreach (var callers in Callers)
            {
                collected.RecordRate(round, arm, Key(transport, $"{callers}.rate"));
            }
        }
    }

    private static async Task FreshAsync(Round round, Arm arm, WorkerTransport transport)
    {
        double fresh = 0;
        await round.EachFreshAsync(async process =>
        {
            await UseAsync(round, process, transport);
            fresh = (await round.RunAsync(process, new SlotRequest(0, "start") { Workers = Many, Kind = "cold" }))["ms"];
        });
        round.Record(arm, Key(transport, "startup.16.fresh"), fresh);
    }

    private static async Task StartsAsync(Round round, Arm arm, WorkerTransport transport)
    {
        var (one, other) = (await StartAsync("cold"), await StartAsync("cold"));
        round.Record(arm, Key(transport, "startup.16.cold"), Math.Min(one.Milliseconds, other.Milliseconds));
        round.Record(arm, Key(transport, "memory"), (one.Megabytes + other.Megabytes) / 2);
        await round.RunAsync(arm, new SlotRequest(0, "template") { Workers = Many });
        var warm = new List<double>();
        for (var i = 0; i < WarmStarts; i++)
        {
            warm.Add((await StartAsync("warm")).Milliseconds);
        }

        round.Record(arm, Key(transport, "startup.16.warm"), warm.Min());

        async Task<(double Milliseconds, double Megabytes)> StartAsync(string kind)
        {
            var start = await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = Many, Kind = kind });
            var memory = await round.RunAsync(arm, new SlotRequest(0, "memory"));
            await round.RunAsync(arm, new SlotRequest(0, "stop"));
            return (start["ms"], memory["megabytes"]);
        }
    }

    private static Task EachAsync(Round round, Arm arm, Func<WorkerTransport, Task> part) => round.InAnyOrderAsync(
        [.. Enum.GetValues<WorkerTransport>().Select<WorkerTransport, Func<Task>>(transport => async () =>
        {
            await UseAsync(round, arm, transport);
            await part(transport);
        })]);

    private static string Key(WorkerTransport transport, string key) => $"transports.{KeyOf(transport)}.{key}";
}
