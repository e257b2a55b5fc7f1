using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that measure how soon nothing is left of a pool. Each fails if something is left.</summary>
internal static class CleanUpHandlers
{
    private const int Elements = 100_000; // more than 64 kB, so that they travel in shared memory

    public static async Task<DurationReply> DisposeAsync(HostState state, DisposalSlot slot)
    {
        var mark = new ProcessMark();
        var options = mark.Put(state.Options(slot.Workers));
        // A call that runs is given no time to end, so that what is measured is how the pool ends it, and not the call.
        var pool = await SnakepitPool.StartAsync(slot.Busy == 0 ? options : options with { DrainTimeout = TimeSpan.FromMilliseconds(1) });
        try
        {
            Task[] calls = [.. Enumerable.Range(0, slot.Busy).Select(_ => pool.ExecuteAsync("sleep", new { ms = 60_000 }))];
            await AreBusyAsync(pool, slot.Busy);
            var start = Stopwatch.GetTimestamp();
            await pool.DisposeAsync();
            var took = Stopwatch.GetElapsedTime(start);
            mark.RequireNone($"A pool of {slot.Workers} workers that was disposed");
            await RequireFailedAsync(calls);
            return new DurationReply { Ms = took.TotalMilliseconds };
        }
        finally
        {
            await pool.DisposeAsync();
        }
    }

    public static async Task<HeldReply> HoldAsync(HostState state, HoldSlot slot)
    {
        _ = HoldAsync(state.Pool, slot.Busy);
        await AreBusyAsync(state.Pool, slot.Busy);
        var statistics = state.Pool.GetStatistics();
        return new HeldReply
        {
            Samples = [statistics.Template!.ProcessId, .. statistics.Workers.Select(worker => worker.ProcessId)],
        };
    }

    public static async Task<HostKillReply> KillHostAsync(HostState state, HostKillSlot slot)
    {
        using var victim = await VictimHost.StartAsync();
        var held = await VictimPool.StartAsync(victim, state.Transport, slot.Workers, slot.Busy);
        var (processes, memory) = (victim.Mark.Find(), MappedFiles.Of(victim.Id));
        if (!held.Samples.Append(victim.Id).Order().SequenceEqual(processes.Order()) || memory.Count == 0)
        {
            throw new InvalidOperationException(
                $"The host to be killed has the processes {string.Join(", ", processes)} and {memory.Count} memory files, "
                + $"and the processes {victim.Id}, {string.Join(", ", held.Samples)} and a memory file were expected.");
        }

        var start = Stopwatch.GetTimestamp();
        Signals.Send(victim.Id, Signals.Kill);
        await Polling.UntilAsync(
            () => !processes.Any(ProcessMark.IsRunning),
            () => $"The processes {string.Join(", ", processes.Where(ProcessMark.IsRunning))} of a host that was killed still run");
        var ended = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await Polling.UntilAsync(
            () => FilesIn(victim.Temporary).Length == 0,
            () => $"A host that was killed has left files behind: {string.Join(", ", FilesIn(victim.Temporary))},");
        var removed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        victim.Mark.RequireNone("A host that was killed");
        MappedFiles.RequireNone(memory, "a host that was killed");
        return new HostKillReply { Ms = removed, ProcessesMs = ended };
    }

    /// <summary>Throws if there is a file, a socket or a folder in a directory.</summary>
    public static void RequireNoFiles(string directory, string of)
    {
        if (FilesIn(directory) is { Length: > 0 } files)
        {
            throw new InvalidOperationException($"{of} has left files behind: {string.Join(", ", files)}.");
        }
    }

    /// <summary>Makes calls that hold an array in shared memory as long as they run.</summary>
    private static async Task HoldAsync(SnakepitPool pool, int calls)
    {
        using var array = new SharedArray<double>(Elements);
        await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => pool.ExecuteAsync("hold", new { array, seconds = 60 })));
    }

    private static Task AreBusyAsync(SnakepitPool pool, int workers) => Polling.UntilAsync(
        () => pool.GetStatistics().Count(WorkerState.Busy) >= workers, () => $"{workers} calls do not run");

    private static async Task RequireFailedAsync(Task[] calls)
    {
        await Task.WhenAll(calls).WaitAsync(Polling.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (calls.Count(call => call.IsFaulted) is var failed && failed != calls.Length)
        {
            throw new InvalidOperationException($"{failed} of {calls.Length} calls failed when their pool was disposed.");
        }
    }

    private static string[] FilesIn(string directory) => Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories);
}
