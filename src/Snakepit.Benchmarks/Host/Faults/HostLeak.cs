using System.Collections.Concurrent;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call keeps memory of the caller's process in use for ever.</summary>
/// <param name="amount">The memory that each call keeps, in bytes; at least the size of an empty array in a list.</param>
internal sealed class HostLeak(double amount) : InjectedFault
{
    private const int Headers = 24 + 32; // of an array, and of the object that the stack keeps it in

    private readonly ConcurrentStack<byte[]> _kept = new();

    public override Task PingAsync(SnakepitPool pool)
    {
        _kept.Push(new byte[(int)amount - Headers]);
        return base.PingAsync(pool);
    }
}
