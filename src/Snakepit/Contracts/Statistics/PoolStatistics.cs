using System.Collections.Immutable;

namespace Snakepit;

/// <summary>
/// A snapshot of a pool. Workers, queue and sessions are read at one moment; the counts of calls are read a moment earlier. While calls
/// begin and end, the two may differ by these calls.
/// </summary>
public sealed record PoolStatistics
{
    /// <summary>The pool's current workers, oldest first.</summary>
    public required ImmutableArray<WorkerStatistics> Workers { get; init; }

    /// <summary>Whether the pool has the workers that it should have.</summary>
    public required PoolHealth Health { get; init; }

    /// <summary>Callers that wait for a worker now.</summary>
    public required int QueueLength { get; init; }

    /// <summary>Open sessions.</summary>
    public required int Sessions { get; init; }

    /// <summary>Calls since the pool started, by how they ended.</summary>
    public required CallStatistics Calls { get; init; }

    /// <summary>
    /// Workers that were replaced because they were lost after they had become ready, or because they ignored a cancellation; since the
    /// pool started.
    /// </summary>
    public required long Restarts { get; init; }

    /// <summary>Workers that were replaced according to <see cref="SnakepitOptions.Recycling"/>, since the pool started.</summary>
    public required long Recycles { get; init; }

    /// <summary>
    /// The time that callers have spent waiting for a worker, all callers together, since the pool started. A caller who still waits is
    /// not counted yet.
    /// </summary>
    public TimeSpan TotalQueueTime { get; init; }

    /// <summary>
    /// Frames that the pool and its workers have exchanged, in both directions, since the pool started. A call takes at least two.
    /// </summary>
    public long FramesExchanged { get; init; }

    /// <summary>The template that the workers are forked from; null if each worker is started in its own interpreter.</summary>
    public TemplateStatistics? Template { get; init; }

    /// <summary>Counts the workers in a state.</summary>
    public int Count(WorkerState state) => Workers.Count(worker => worker.State == state);
}
