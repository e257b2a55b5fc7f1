using System.Collections.Immutable;

namespace Snakepit;

/// <summary>A consistent snapshot of a pool.</summary>
public sealed record PoolStatistics
{
    /// <summary>Every worker that the pool has now, by number.</summary>
    public required ImmutableArray<WorkerStatistics> Workers { get; init; }

    /// <summary>Callers that wait for a worker.</summary>
    public required int QueueLength { get; init; }

    /// <summary>What became of the calls.</summary>
    public required CallStatistics Calls { get; init; }

    /// <summary>Workers started to replace lost ones.</summary>
    public required long Restarts { get; init; }

    /// <summary>How many workers are in a state.</summary>
    public int Count(WorkerState state) => Workers.Count(worker => worker.State == state);
}

/// <summary>One worker of a pool.</summary>
/// <param name="Worker">Its number, never used twice in a pool.</param>
/// <param name="ProcessId">Its process; 0 until there is one.</param>
/// <param name="State">What it is doing.</param>
/// <param name="CallsInFlight">Calls it is running now.</param>
/// <param name="Endpoint">The Unix socket it serves on, in gRPC's notation; empty until it listens.</param>
public sealed record WorkerStatistics(int Worker, int ProcessId, WorkerState State, int CallsInFlight, string Endpoint);

/// <summary>
/// Counts of calls and streams since the pool started. When none is in flight,
/// Started = Succeeded + Failed + Cancelled + TimedOut + Rejected.
/// </summary>
/// <param name="Started">Calls made.</param>
/// <param name="Succeeded">Ended with a result.</param>
/// <param name="Failed">Ended with an exception of the tool's, of the worker or of the arguments.</param>
/// <param name="Cancelled">Given up by their callers.</param>
/// <param name="TimedOut">Given up because they ran, or waited for a worker, too long.</param>
/// <param name="Rejected">Refused because the queue was full or the pool stopped.</param>
public sealed record CallStatistics(long Started, long Succeeded, long Failed, long Cancelled, long TimedOut, long Rejected)
{
    /// <summary>Calls that have not ended.</summary>
    public long InFlight => Started - Succeeded - Failed - Cancelled - TimedOut - Rejected;
}
