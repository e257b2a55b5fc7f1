namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: all calls take the same lock, so that only one call is in progress at a time.</summary>
internal sealed class OneLock : InjectedFault
{
    private static readonly SemaphoreSlim Lock = new(1);

    public override async Task PingAsync(SnakepitPool pool)
    {
        await Lock.WaitAsync();
        try
        {
            await base.PingAsync(pool);
        }
        finally
        {
            Lock.Release();
        }
    }
}
