namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call uses additional CPU time in the caller's process, as slow serialisation would.</summary>
/// <param name="amount">The additional CPU time for each call, in microseconds.</param>
internal sealed class SlowCaller(double amount) : InjectedFault
{
    public override Task PingAsync(SnakepitPool pool)
    {
        BusyWait.Spin(amount);
        return base.PingAsync(pool);
    }
}
