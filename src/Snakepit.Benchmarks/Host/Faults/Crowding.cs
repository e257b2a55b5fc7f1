namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: each call uses extra CPU time in the caller's process, in proportion to the number of calls in progress. A pool that searches
/// through all waiting callers would behave like this.
/// </summary>
/// <param name="amount">The extra CPU time of a call while 100 calls are in progress, in microseconds.</param>
internal sealed class Crowding(double amount) : InjectedFault
{
    private const double Crowd = 100;

    private int _underWay;

    public override async Task PingAsync(SnakepitPool pool)
    {
        BusyWait.Spin(amount * Interlocked.Increment(ref _underWay) / Crowd);
        try
        {
            await base.PingAsync(pool);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
