using System.Text;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A peer that is called from this process.</summary>
internal abstract class CalledPeer(PeerProcess process) : IPeer
{
    public Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration) => ClosedLoop.RunAsync(callers, duration, PingAsync);

    public Task<double[]> SingleAsync(int count) => SingleCaller.RunAsync(count, PingAsync);

    public virtual ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>One call.</summary>
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
