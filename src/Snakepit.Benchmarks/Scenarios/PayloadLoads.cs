using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Data of one kind and size, the slot that sends them, and the metric of how long a call takes.</summary>
/// <param name="Name">The name of the data, in the names of metrics.</param>
/// <param name="Slot">The slot that sends the data.</param>
/// <param name="Cause">What is likely to have got slower if only this metric has.</param>
/// <param name="What">A description of the data and their direction.</param>
internal sealed record PayloadLoad(string Name, TransferSlot Slot, string Cause, string What)
{
    /// <summary>The metric of the slot.</summary>
    public Reading<List<TimesReply>>[] Readings { get; } =
        [new($"payloads.{Name}.p50", "ms", Worse.Higher, $"{What}, median", replies => replies.Milliseconds().Median) { Cause = Cause }];

    /// <summary>Returns an array in all directions: there and back, as an argument only, and as a result only.</summary>
    public static PayloadLoad[] InAllDirections(string name, double bytes, int count, string cause, string what) =>
    [
        new(name, new TransferSlot(TransferKind.Array, bytes, count), cause, $"{what}, there and back"),
        new($"{name}.argument", new TransferSlot(TransferKind.Argument, bytes, count), cause, $"{what}, to Python only"),
        new($"{name}.result", new TransferSlot(TransferKind.Result, bytes, count), cause, $"{what}, from Python only"),
    ];

    /// <summary>Returns the same data, as they are measured over the transport Direct.</summary>
    public PayloadLoad OverDirect() => new($"direct.{Name}", Slot, "the transport Direct", $"{What}, over Direct");
}

/// <summary>Numbers that are sent as JSON and in an array, in turns, and the metrics of how long JSON takes and of the speed-up.</summary>
/// <param name="Name">The size of the array, in the names of metrics.</param>
/// <param name="Bytes">The size of the array.</param>
/// <param name="JsonCount">The number of calls of a slot with JSON.</param>
/// <param name="ArrayCount">The number of calls of a slot with an array.</param>
internal sealed record PayloadPair(string Name, double Bytes, int JsonCount, int ArrayCount)
{
    /// <summary>The slot that sends the numbers as JSON.</summary>
    public TransferSlot Json => new(TransferKind.Numbers, Bytes, JsonCount);

    /// <summary>The slot that sends the numbers in an array.</summary>
    public TransferSlot Array => new(TransferKind.Array, Bytes, ArrayCount);

    /// <summary>The metrics of replies of both slots in turns.</summary>
    public Reading<List<(TimesReply Json, TimesReply Array)>>[] Readings { get; } =
    [
        new($"payloads.numbers_{Name}.p50", "ms", Worse.Higher, $"{Bytes / sizeof(float):N0} numbers as JSON, there and back, median",
            turns => turns.Select(turn => turn.Json).Milliseconds().Median) { Cause = "JSON" },
        new($"payloads.array_{Name}.speedup", "x", Worse.Lower, "the same numbers in an array: so many times as fast, median of the turns",
            turns => turns.Sample(turn => Median(turn.Json) / Median(turn.Array)).Median),
    ];

    private static double Median(TimesReply reply) => new Sample(reply.Milliseconds()).Median;
}

/// <summary>Data of one kind and size, the slot that counts what a call with them allocates, and its metrics.</summary>
/// <param name="Name">The name of the data, in the names of metrics.</param>
/// <param name="Slot">The slot that counts.</param>
/// <param name="What">A description of the data and their direction.</param>
internal sealed record PayloadHeap(string Name, TransferAllocationsSlot Slot, string What)
{
    /// <summary>The metrics of the slot: what each side allocates.</summary>
    public Reading<List<AllocationsReply>>[] Readings { get; } =
    [
        new($"payloads.{Name}.allocated", "B/call", Worse.Higher, $"allocated by the .NET process, {What}",
            replies => replies.Sample(reply => reply.HostBytes).Median) { Cause = "copies in .NET" },
        new($"payloads.{Name}.allocated.python", "B", Worse.Higher, $"most at a time in Python during a call, {What}",
            replies => replies.Sample(reply => reply.WorkerBytes).Median) { Cause = "copies in Python" },
    ];
}
