using System.Collections.Immutable;
using System.Globalization;

namespace Snakepit;

/// <summary>
/// A snapshot of a pool. Workers, queue and sessions are read at the same moment, and the counts of calls a moment earlier. Calls that
/// begin or end between the two moments are the reason if the counts do not match the rest.
/// </summary>
public sealed record PoolStatistics
{
    /// <summary>The pool's current workers, oldest first.</summary>
    public required ImmutableArray<WorkerStatistics> Workers { get; init; }

    /// <summary>The health of the pool: whether it has as many running workers as its options ask for.</summary>
    public required PoolHealth Health { get; init; }

    /// <summary>The number of callers that wait for a worker now.</summary>
    public required int QueueLength { get; init; }

    /// <summary>The number of open sessions.</summary>
    public required int Sessions { get; init; }

    /// <summary>The counts of calls since the pool started, by how the calls ended.</summary>
    public required CallStatistics Calls { get; init; }

    /// <summary>
    /// The number of workers, since the pool started, that were replaced because they were lost after they had become ready, or because
    /// they ignored a cancellation.
    /// </summary>
    public required long Restarts { get; init; }

    /// <summary>
    /// The number of workers, since the pool started, that were replaced according to <see cref="SnakepitOptions.Recycling"/>.
    /// </summary>
    public required long Recycles { get; init; }

    /// <summary>
    /// The number of workers, since the pool started, that were replaced because a cancelled call had to be interrupted in them; see
    /// <see cref="SnakepitOptions.AfterInterruption"/>. A worker whose call ignored the interruption as well counts as a restart, too.
    /// </summary>
    public long Interruptions { get; init; }

    /// <summary>
    /// The time that all callers together have spent waiting for a worker since the pool started. Callers that still wait are not counted
    /// yet.
    /// </summary>
    public TimeSpan TotalQueueTime { get; init; }

    /// <summary>
    /// The number of protocol frames that the pool and its workers have exchanged, in both directions, since the pool started. A call takes
    /// at least two frames.
    /// </summary>
    public long FramesExchanged { get; init; }

    /// <summary>The template process that the workers are forked from; null if each worker is started in its own interpreter.</summary>
    public TemplateStatistics? Template { get; init; }

    /// <summary>Returns the number of workers that are in this state.</summary>
    public int Count(WorkerState state) => Workers.Count(worker => worker.State == state);

    /// <summary>
    /// Returns one line with the health, the workers by state, what waits and runs, and the counts since the pool started, for logs.
    /// </summary>
    public override string ToString()
    {
        var states = Workers.CountBy(worker => worker.State).OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Health}, workers: {(Workers.IsEmpty ? "none" : string.Join(", ", states))}; {QueueLength:N0} callers wait, "
            + $"{Calls.InFlight:N0} calls in flight, {Sessions:N0} sessions; calls: {Calls.Succeeded:N0} succeeded, "
            + $"{Calls.Failed:N0} failed, {Calls.TimedOut:N0} timed out, {Calls.Cancelled:N0} cancelled, {Calls.Rejected:N0} rejected; "
            + $"workers replaced: {Restarts:N0} lost, {Interruptions:N0} interrupted, {Recycles:N0} recycled");
    }
}
