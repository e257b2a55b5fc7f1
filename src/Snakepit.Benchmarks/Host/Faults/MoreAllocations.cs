namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Every call allocates more memory in the caller's process.</summary>
/// <param name="amount">Bytes.</param>
internal sealed class MoreAllocations(double amount) : InjectedFault
{
    public override Task PingAsync(SnakepitPool pool)
    {
        GC.KeepAlive(GC.AllocateUninitializedArray<byte>((int)amount));
        return base.PingAsync(pool);
    }
}
