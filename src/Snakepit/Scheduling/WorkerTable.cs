using System.Runtime.InteropServices;

namespace Snakepit.Scheduling;

/// <summary>
/// The table of a pool's workers, oldest first. It is a list, because a pool has few workers and every call searches for a worker, and
/// searching a short list is fast.
/// </summary>
internal sealed class WorkerTable
{
    private readonly List<WorkerEntry> _entries = [];

    public IReadOnlyList<WorkerEntry> All => _entries;

    /// <summary>The number of workers that are ready.</summary>
    public int ReadyCount => _entries.Count(entry => entry.IsReady);

    public bool AnyReady => _entries.Exists(entry => entry.IsReady);

    /// <summary>
    /// The worker that is being recycled and goes on taking calls until its successor is ready; null if there is no such worker.
    /// </summary>
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
    /// Returns the worker to which the next call should go; null if no worker is idle. The worker with the fewest running calls is
    /// preferred, and a worker that stays is preferred to one that is being replaced. Among equal workers the oldest is always
    /// chosen: it then gets most of the calls, so its caches are warm.
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
                    break; // no later worker in the list can be less busy
                }
            }
        }

        return best;
    }
}
