namespace Snakepit;

/// <summary>
/// Counts of calls and streams since the pool started. While no call is in flight, Started = Succeeded + Failed + Cancelled + TimedOut +
/// Rejected.
/// </summary>
/// <param name="Started">The number of calls that were made.</param>
/// <param name="Succeeded">The number of calls that ended with a result, and of streams that were read to their end.</param>
/// <param name="Failed">
/// The number of calls that failed: the tool raised an exception, the arguments or the result were invalid, the worker was lost, or the
/// call was running when the pool was disposed.
/// </param>
/// <param name="Cancelled">
/// The number of calls that their callers cancelled, and of streams whose consumer stopped reading before the end.
/// </param>
/// <param name="TimedOut">
/// The number of calls that exceeded their time limit, or waited longer than <see cref="SnakepitOptions.QueueTimeout"/>.
/// </param>
/// <param name="Rejected">
/// The number of calls that were refused before they reached a worker: the queue was full, the session was busy or had ended, or the pool
/// was disposed or had no workers.
/// </param>
/// <param name="Retried">
/// The number of idempotent calls that were made again on another worker. A retried call counts only once in the other numbers.
/// </param>
public sealed record CallStatistics(long Started, long Succeeded, long Failed, long Cancelled, long TimedOut, long Rejected, long Retried)
{
    /// <summary>The number of calls that have been made and have not ended.</summary>
    public long InFlight => Started - Succeeded - Failed - Cancelled - TimedOut - Rejected;
}
