namespace Snakepit;

/// <summary>Facts about one worker of a pool.</summary>
/// <param name="Worker">The worker's number. No number is used twice in a pool.</param>
/// <param name="ProcessId">The process id of the worker; 0 until the process exists.</param>
/// <param name="State">The current state of the worker.</param>
/// <param name="CallsInFlight">The number of calls that the worker runs now.</param>
/// <param name="Endpoint">The Unix socket that the worker serves on, as <c>unix:/path</c>; empty until the worker listens.</param>
public sealed record WorkerStatistics(int Worker, int ProcessId, WorkerState State, int CallsInFlight, string Endpoint)
{
    /// <summary>The times at which the worker passed each phase of its start; null until the worker is ready.</summary>
    public WorkerStartTimes? Start { get; init; }

    /// <summary>
    /// How many bytes of this process's shared memory the worker may read: for the calls that it runs, and for arrays that its tools have
    /// kept.
    /// </summary>
    public long BytesLent { get; init; }

    /// <summary>How many bytes of the worker's shared memory this process still has to read: of results and chunks.</summary>
    public long BytesBorrowed { get; init; }
}
