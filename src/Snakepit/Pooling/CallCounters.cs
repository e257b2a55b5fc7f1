namespace Snakepit.Pooling;

/// <summary>The ways in which a call can end for its caller.</summary>
internal enum CallOutcome
{
    Succeeded,
    Failed,
    Cancelled,
    TimedOut,
    Rejected,
}

/// <summary>Counts each call twice: at its start, and at its end under the way in which it ended.</summary>
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
        // The counts of ended calls are read before the count of started calls. So a snapshot never shows more ends than starts, even if
        // calls begin and end meanwhile.
        long Ended(CallOutcome outcome) => Interlocked.Read(ref _ended[(int)outcome]);
        var (succeeded, failed, cancelled) = (Ended(CallOutcome.Succeeded), Ended(CallOutcome.Failed), Ended(CallOutcome.Cancelled));
        var (timedOut, rejected) = (Ended(CallOutcome.TimedOut), Ended(CallOutcome.Rejected));
        var (started, retried) = (Interlocked.Read(ref _started), Interlocked.Read(ref _retried));
        return new CallStatistics(started, succeeded, failed, cancelled, timedOut, rejected, retried);
    }
}
