namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: the first ping after the loss of a worker waits in the caller's process, as if the pool gave out no worker while it replaces
/// one.
/// </summary>
/// <param name="amount">How long it waits, in milliseconds.</param>
internal sealed class StalledCalls(double amount) : InjectedFault
{
    private long _known;

    public override async Task PingAsync(SnakepitPool pool)
    {
        var restarts = pool.GetStatistics().Restarts;
        if (Interlocked.Exchange(ref _known, restarts) != restarts && restarts > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(amount));
        }

        await base.PingAsync(pool);
    }
}
