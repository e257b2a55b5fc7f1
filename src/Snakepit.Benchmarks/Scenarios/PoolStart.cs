using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>The result of starting a pool once and stopping it again.</summary>
/// <param name="Reply">The duration of the start, and where its time went.</param>
/// <param name="Megabytes">The memory of a worker in megabytes; 0 if it was not measured.</param>
/// <param name="StopMs">The duration of the disposal of the pool, in milliseconds.</param>
internal sealed record PoolStart(StartReply Reply, double Megabytes, double StopMs)
{
    /// <summary>The duration of the start, in milliseconds.</summary>
    public double Ms => Reply.Ms;

    /// <summary>Starts a pool on an arm (a host of one side) and stops it again.</summary>
    /// <param name="round">The round that runs and logs the slots.</param>
    /// <param name="arm">The arm on which the pool is started.</param>
    /// <param name="slot">The parameters of the start.</param>
    /// <param name="withMemory">True to measure the memory of the workers before they are stopped.</param>
    public static async Task<PoolStart> RunAsync(Round round, Arm arm, StartSlot slot, bool withMemory = false)
    {
        var reply = await round.RunAsync(arm, slot);
        var megabytes = withMemory ? (await round.RunAsync(arm, new MemorySlot())).Megabytes : 0;
        return new PoolStart(reply, megabytes, (await round.RunAsync(arm, new StopSlot())).Ms);
    }

    /// <summary>
    /// Starts a pool twice on each side, each time as the first pool of a fresh process: once in an additional host, and once in the host
    /// of the round. The second start happens even if no metric needs it, because the first start in a process also compiles methods, which
    /// would make the first of the later measured starts slower.
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
