namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call allocates additional memory in the caller's process.</summary>
/// <param name="amount">The additional memory for each call, in bytes.</param>
internal sealed class MoreAllocations(double amount) : InjectedFault
{
    public override Task PingAsync(SnakepitPool pool)
    {
        GC.KeepAlive(GC.AllocateUninitializedArray<byte>((int)amount));
        return base.PingAsync(pool);
    }
}
