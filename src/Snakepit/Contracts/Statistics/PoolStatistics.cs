using System.Collections.Immutable;

namespace Snakepit;

/// <summary>A pool at one moment; its calls a moment before.</summary>
public sealed record PoolStatistics
{
    /// <summary>Every worker that the pool has now, by number.</summary>
    public required ImmutableArray<WorkerStatistics> Workers { get; init; }

    /// <summary>Whether the workers run as they should.</summary>
    public required PoolHealth Health { get; init; }

    /// <summary>Callers that wait for a worker.</summary>
    public required int QueueLength { get; init; }

    /// <summary>Sessions that are open.</summary>
    public required int Sessions { get; init; }

    /// <summary>What became of the calls.</summary>
    public required CallStatistics Calls { get; init; }

    /// <summary>Workers that had been ready and were lost, or given up because they ignored a cancellation; each is replaced.</summary>
    public required long Restarts { get; init; }

    /// <summary>Workers that were replaced as <see cref="SnakepitOptions.Recycling"/> plans.</summary>
    public required long Recycles { get; init; }

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
/// <param name="Failed">Ended with an exception of the tool's, of the worker or of the arguments, or with the pool while they ran.</param>
/// <param name="Cancelled">Given up by their callers.</param>
/// <param name="TimedOut">Given up because they ran, or waited for a worker, too long.</param>
/// <param name="Rejected">Refused before they reached a worker: the queue was full, the session busy or over, the pool stopped or unavailable.</param>
/// <param name="Retried">Made a second time on another worker, and counted once all the same.</param>
public sealed record CallStatistics(long Started, long Succeeded, long Failed, long Cancelled, long TimedOut, long Rejected, long Retried)
{
    /// <summary>Calls that have not ended.</summary>
    public long InFlight => Started - Succeeded - Failed - Cancelled - TimedOut - Rejected;
}
