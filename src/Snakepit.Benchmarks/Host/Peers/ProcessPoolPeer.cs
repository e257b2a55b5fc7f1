using System.Text.Json;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>The process pool of Python's standard library. It is called from Python, so its script makes the load itself.</summary>
internal sealed class ProcessPoolPeer(PeerProcess process) : IPeer
{
    public async Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration)
    {
        var answer = await process.AskAsync(new { callers, seconds = duration.TotalSeconds });
        var (calls, seconds) = (answer.GetProperty("calls").GetInt64(), answer.GetProperty("seconds").GetDouble());
        return new ClosedLoopResult(calls, Errors: 0, TimeSpan.FromSeconds(seconds), FirstError: null);
    }

    public async Task<double[]> SingleAsync(int count) =>
        [.. (await process.AskAsync(new { count })).GetProperty("times").Deserialize<double[]>()!.Select(seconds => seconds * 1000)];

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
