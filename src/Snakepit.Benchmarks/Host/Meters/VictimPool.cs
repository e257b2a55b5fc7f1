using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>The pool of a host that is to be killed.</summary>
internal static class VictimPool
{
    /// <summary>Starts a pool in a host, lets some of its workers hold an array, and returns what the pool consists of.</summary>
    /// <param name="victim">The host.</param>
    /// <param name="transport">The transport of the pool.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="busy">How many of them run a call.</param>
    public static async Task<HeldReply> StartAsync(VictimHost victim, WorkerTransport transport, int workers, int busy)
    {
        await victim.RunAsync(new TransportSlot(transport));
        await victim.RunAsync(new StartToolsSlot(workers));
        return await victim.RunAsync(new HoldSlot(busy));
    }
}
