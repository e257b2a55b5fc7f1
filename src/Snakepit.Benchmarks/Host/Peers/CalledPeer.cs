using System.Text;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A peer (an alternative to the pool) that this process calls directly, unlike a peer whose own script makes the calls.</summary>
internal abstract class CalledPeer(PeerProcess process) : IPeer
{
    public Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration) => ClosedLoop.RunAsync(callers, duration, PingAsync);

    public Task<double[]> SingleAsync(int count) => SingleCaller.RunAsync(count, PingAsync);

    public virtual ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>Makes one call to the peer and waits for its answer.</summary>
    protected abstract Task PingAsync();

    /// <summary>Checks an answer without parsing its JSON, because a ping through the pool does not parse it either.</summary>
    protected static void RequirePong(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("pong"u8) < 0)
        {
            throw new InvalidOperationException($"A peer did not answer its ping: {Encoding.UTF8.GetString(answer)}");
        }
    }
}
