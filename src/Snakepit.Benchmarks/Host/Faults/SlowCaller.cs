namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Every call uses more CPU time in the caller's process, as slow serialisation would.</summary>
/// <param name="amount">Microseconds.</param>
internal sealed class SlowCaller(double amount) : InjectedFault
{
    public override Task PingAsync(SnakepitPool pool)
    {
        BusyWait.Spin(amount);
        return base.PingAsync(pool);
    }
}
