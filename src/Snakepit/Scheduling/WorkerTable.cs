using System.Runtime.InteropServices;

namespace Snakepit.Scheduling;

/// <summary>The workers of a pool, oldest first. A list, because a pool has few of them and every call looks for one.</summary>
internal sealed class WorkerTable
{
    private readonly List<WorkerEntry> _entries = [];

    public IReadOnlyList<WorkerEntry> All => _entries;

    /// <summary>How many workers are ready.</summary>
    public int ReadyCount => _entries.Count(entry => entry.IsReady);

    public bool AnyReady => _entries.Exists(entry => entry.IsReady);

    /// <summary>The worker that goes on taking calls only until its successor is ready; null if there is none.</summary>
    public WorkerEntry? AwaitingSuccessor => _entries.Find(entry => entry is { IsReplaced: true, IsReady: true });

    public void Add(WorkerEntry entry) => _entries.Add(entry);

    public void Remove(WorkerEntry entry) => _entries.Remove(entry);

    public WorkerEntry? Find(int worker)
    {
        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Id == worker)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>
    /// The worker that the next call should go to; null if none is idle. It is the one with the fewest calls, and one that stays rather
    /// than one that is being replaced. Among equals it is always the same one, whose caches are warm.
    /// </summary>
    public WorkerEntry? FindLeastBusy()
    {
        WorkerEntry? best = null;
        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.State != WorkerState.Idle)
            {
                continue;
            }

            if (best is null || entry.InFlight < best.InFlight || (best.IsReplaced && !entry.IsReplaced))
            {
                best = entry;
                if (best is { InFlight: 0, IsReplaced: false })
                {
                    break; // no other can be better
                }
            }
        }

        return best;
    }
}
