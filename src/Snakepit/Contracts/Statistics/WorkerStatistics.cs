namespace Snakepit;

/// <summary>One worker of a pool.</summary>
/// <param name="Worker">The worker's number. No number is used twice in a pool.</param>
/// <param name="ProcessId">The id of its process; 0 until the process exists.</param>
/// <param name="State">What the worker is doing.</param>
/// <param name="CallsInFlight">Calls that it runs now.</param>
/// <param name="Endpoint">The Unix socket that it serves on, as <c>unix:/path</c>; empty until it listens.</param>
public sealed record WorkerStatistics(int Worker, int ProcessId, WorkerState State, int CallsInFlight, string Endpoint)
{
    /// <summary>When the worker passed each phase of its start; null until it is ready.</summary>
    public WorkerStartTimes? Start { get; init; }
}
