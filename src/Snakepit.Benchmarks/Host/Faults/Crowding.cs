namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A call uses the more CPU time in the caller's process the more calls are under way, as a search through all callers would.
/// </summary>
/// <param name="amount">Microseconds with 100 calls under way; in proportion with others.</param>
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
