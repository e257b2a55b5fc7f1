namespace Snakepit.Pooling;

/// <summary>How a call ended, as its caller saw it.</summary>
internal enum CallOutcome
{
    Succeeded,
    Failed,
    Cancelled,
    TimedOut,
    Rejected,
}

/// <summary>Counts calls by their end. Each is counted once at its start and once at its end.</summary>
internal sealed class CallCounters
{
    private readonly long[] _ended = new long[Enum.GetValues<CallOutcome>().Length];
    private long _started, _retried;

    public void Start() => Interlocked.Increment(ref _started);

    public void Retry() => Interlocked.Increment(ref _retried);

    public void End(CallOutcome outcome) => Interlocked.Increment(ref _ended[(int)outcome]);

    public static CallOutcome OutcomeOf(Exception exception) => exception switch
    {
        OperationCanceledException => CallOutcome.Cancelled,
        CallTimeoutException or QueueTimeoutException => CallOutcome.TimedOut,
        PoolStoppedException { HadBegun: true } => CallOutcome.Failed,
        PoolSaturatedException or PoolStoppedException or PoolUnavailableException or SessionBusyException or SessionLostException
            or ObjectDisposedException => CallOutcome.Rejected,
        _ => CallOutcome.Failed,
    };

    public CallStatistics Snapshot()
    {
        // Ends are read before starts, so that a snapshot in mid-call never shows more ends than starts.
        long Ended(CallOutcome outcome) => Interlocked.Read(ref _ended[(int)outcome]);
        var (succeeded, failed, cancelled) = (Ended(CallOutcome.Succeeded), Ended(CallOutcome.Failed), Ended(CallOutcome.Cancelled));
        var (timedOut, rejected) = (Ended(CallOutcome.TimedOut), Ended(CallOutcome.Rejected));
        return new CallStatistics(Interlocked.Read(ref _started), succeeded, failed, cancelled, timedOut, rejected, Interlocked.Read(ref _retried));
    }
}
