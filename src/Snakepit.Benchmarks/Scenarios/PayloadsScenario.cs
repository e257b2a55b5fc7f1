using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures how long records as JSON and arrays take to Python, back, and both ways, what they allocate, and how much faster numbers are in
/// an array than as JSON. If it gets worse, every call with more than a few values takes longer, or data are copied once more.
/// </summary>
internal sealed class PayloadsScenario : Scenario
{
    private const int Turns = 6, HeapTurns = 2, WarmUps = 2;
    private const string Json = "JSON", Frames = "arrays in frames", SharedMemory = "arrays in shared memory";

    private static readonly PayloadLoad[] Loads =
    [
        new("json_1k", new TransferSlot(TransferKind.Records, 1e3, Count: 40), Json, "1 kB of records as JSON, there and back"),
        new("json_10k", new TransferSlot(TransferKind.Records, 1e4, Count: 20), Json, "10 kB of records as JSON, there and back"),
        .. PayloadLoad.InAllDirections("array_10k", 1e4, count: 30, Frames, "an array of 10 kB"),
        .. PayloadLoad.InAllDirections("array_1m", 1e6, count: 12, SharedMemory, "an array of 1 MB"),
        .. PayloadLoad.InAllDirections("array_10m", 1e7, count: 3, SharedMemory, "an array of 10 MB"),
    ];

    private static readonly PayloadLoad[] LoadsOverDirect =
        [.. Loads.Where(load => load.Name is "json_10k" or "array_1m").Select(load => load.OverDirect())];

    private static readonly PayloadPair[] Pairs =
        [new("10k", 1e4, JsonCount: 6, ArrayCount: 20), new("100k", 1e5, JsonCount: 2, ArrayCount: 10)];

    private static readonly PayloadHeap[] Heaps =
    [
        new("json_10k", new TransferAllocationsSlot(TransferKind.Records, 1e4), "10 kB of records there and back"),
        new("array_1m", new TransferAllocationsSlot(TransferKind.Array, 1e6), "an array of 1 MB there and back"),
    ];

    public override string Name => "Payloads";

    public override string Description => "JSON of 1 and 10 kB, arrays of 10 kB to 10 MB, to Python and back; what they allocate";

    public override bool IsSettled => true;

    public override IReadOnlyList<string> Modules => ["numpy"];

    public override IReadOnlyList<Reading> Readings { get; } =
    [
        .. Loads.SelectMany(load => load.Readings), .. Pairs.SelectMany(pair => pair.Readings), .. Heaps.SelectMany(heap => heap.Readings),
        .. LoadsOverDirect.SelectMany(load => load.Readings),
    ];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, new ArrayToolsSlot()));
        await round.TogetherAsync(new StartSlot(Workers: 1)); // there is one caller
        await MeasureAsync(round, Loads);
        foreach (var pair in Pairs.Where(pair => round.Wants(pair.Readings)))
        {
            await round.EachAsync(arm => round.RunAsync(arm, pair.Json)); // warms up the host and the worker
            await round.RecordAsync(
                Turns, async arm => (await round.RunAsync(arm, pair.Json), await round.RunAsync(arm, pair.Array)), pair.Readings);
        }

        foreach (var heap in Heaps.Where(heap => round.Wants(heap.Readings)))
        {
            await round.RecordAsync(HeapTurns, heap.Slot, heap.Readings);
        }

        if (round.Wants(LoadsOverDirect.SelectMany(load => load.Readings)))
        {
            await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(WorkerTransport.Direct)));
            await round.TogetherAsync(new StartSlot(Workers: 1));
            await MeasureAsync(round, LoadsOverDirect);
        }
    }

    private static async Task MeasureAsync(Round round, PayloadLoad[] loads)
    {
        PayloadLoad[] wanted = [.. loads.Where(load => round.Wants(load.Readings))];
        foreach (var load in wanted)
        {
            await round.EachAsync(arm => round.RunAsync(arm, load.Slot with { Count = WarmUps * load.Slot.Count }));
        }

        await round.InAnyOrderAsync(
            [.. wanted.Select<PayloadLoad, Func<Task>>(load => () => round.RecordAsync(Turns, load.Slot, load.Readings))]);
    }
}
