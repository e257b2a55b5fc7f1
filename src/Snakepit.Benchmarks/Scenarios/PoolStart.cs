using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>One start of a pool, which was stopped again.</summary>
/// <param name="Reply">How long the start took, and where its time went.</param>
/// <param name="Megabytes">The memory of a worker; 0 if it was not measured.</param>
/// <param name="StopMs">How long it took to dispose the pool.</param>
internal sealed record PoolStart(StartReply Reply, double Megabytes, double StopMs)
{
    /// <summary>How long the start took, in milliseconds.</summary>
    public double Ms => Reply.Ms;

    /// <summary>Starts a pool on an arm and stops it again.</summary>
    /// <param name="round">The round.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="slot">The start.</param>
    /// <param name="withMemory">Whether to measure the memory of the workers before they are stopped.</param>
    public static async Task<PoolStart> RunAsync(Round round, Arm arm, StartSlot slot, bool withMemory = false)
    {
        var reply = await round.RunAsync(arm, slot);
        var megabytes = withMemory ? (await round.RunAsync(arm, new MemorySlot())).Megabytes : 0;
        return new PoolStart(reply, megabytes, (await round.RunAsync(arm, new StopSlot())).Ms);
    }

    /// <summary>
    /// Starts a pool twice on each side, each time as the first of a fresh process: in one more host, and in the host of the round. The
    /// latter is done even if no reading is wanted, because the first start of a process compiles methods that later starts find compiled.
    /// </summary>
    public static async Task RecordFreshAsync(Round round, StartSlot slot, IReadOnlyList<Reading<List<PoolStart>>> readings)
    {
        var others = new Dictionary<Side, PoolStart>();
        if (round.Wants(readings))
        {
            await round.EachFreshAsync(async arm => others[arm.Side] = await RunAsync(round, arm, slot, withMemory: true));
        }

        await round.EachAsync(async arm =>
        {
            var start = await RunAsync(round, arm, slot, withMemory: true);
            if (others.TryGetValue(arm.Side, out var other))
            {
                round.Record(arm, readings, [other, start]);
            }
        });
    }
}
