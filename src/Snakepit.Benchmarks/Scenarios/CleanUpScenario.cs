using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures how soon nothing is left of a pool that is disposed, and of a program that is killed. If it gets worse, a service stops later,
/// or its memory is free later when it was killed.
/// </summary>
internal sealed class CleanUpScenario : Scenario
{
    private const int Workers = 8;
    private const string Ending = "the end of processes";

    private static readonly Disposal[] Disposals =
    [
        new("16_idle", new DisposalSlot(16), Turns: 3, "until 16 idle workers have ended"),
        new("8_busy", new DisposalSlot(Workers, Busy: Workers), Turns: 3, "until 8 workers have ended that run calls, which get no time"),
        new("128_idle", new DisposalSlot(128), Turns: 1, "until 128 idle workers have ended"),
    ];

    private static readonly HostKillSlot Kill = new(Workers, Busy: 4);

    private static readonly Reading<List<HostKillReply>>[] OfKills =
    [
        new("cleanup.host_kill", "ms", Worse.Higher, $"SIGKILL of a host with {Workers} workers until no process and no file is left",
            replies => replies.Min(reply => reply.Ms)) { Cause = Ending },
        new("cleanup.host_kill.processes", "ms", Worse.Higher, "the same, until no process is left",
            replies => replies.Min(reply => reply.ProcessesMs)) { Cause = Ending },
    ];

    public override string Name => "CleanUp";

    public override string Description => "pools of 16, 8 and 128 workers are disposed; a host is killed: until nothing is left";

    public override IReadOnlyList<Reading> Readings { get; } = [.. Disposals.SelectMany(disposal => disposal.Readings), .. OfKills];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, Disposals[1].Slot)); // compiles methods, which must not be measured
        await round.InAnyOrderAsync(
        [
            .. Disposals.Select<Disposal, Func<Task>>(
                disposal => () => round.RecordAsync(disposal.Turns, disposal.Slot, disposal.Readings)),
            () => round.RecordAsync(1, Kill, OfKills),
        ]);
    }

    /// <summary>Disposals of one kind of pool, and their metric.</summary>
    private sealed record Disposal(string Name, DisposalSlot Slot, int Turns, string Description)
    {
        public Reading<List<DurationReply>>[] Readings { get; } =
        [
            new($"cleanup.{Name}", "ms", Worse.Higher, Description, replies => replies.Min(reply => reply.Ms)) { Cause = Ending },
        ];
    }
}
