namespace Snakepit;

/// <summary>
/// Counts of calls and streams since the pool started. While none is in flight, Started = Succeeded + Failed + Cancelled + TimedOut +
/// Rejected.
/// </summary>
/// <param name="Started">Calls that were made.</param>
/// <param name="Succeeded">Calls that ended with a result, and streams that were read to their end.</param>
/// <param name="Failed">
/// Calls that ended with an exception of the tool, of the arguments or result, or of a lost worker; and calls that ran when the pool was
/// disposed.
/// </param>
/// <param name="Cancelled">Calls that their callers cancelled, and streams that were left before their end.</param>
/// <param name="TimedOut">Calls that exceeded their time limit, or waited longer than <see cref="SnakepitOptions.QueueTimeout"/>.</param>
/// <param name="Rejected">
/// Calls that were refused before they reached a worker: the queue was full, the session was busy or had ended, or the pool was disposed
/// or had no workers.
/// </param>
/// <param name="Retried">Idempotent calls that were made again on another worker. Each counts once in all other numbers.</param>
public sealed record CallStatistics(long Started, long Succeeded, long Failed, long Cancelled, long TimedOut, long Rejected, long Retried)
{
    /// <summary>Calls that have not ended.</summary>
    public long InFlight => Started - Succeeded - Failed - Cancelled - TimedOut - Rejected;
}
