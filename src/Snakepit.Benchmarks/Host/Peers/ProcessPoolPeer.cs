using System.Text.Json;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A peer (an alternative to the pool) that is the process pool of Python's standard library. Only Python code can call it, so its script
/// makes the calls and measures them.
/// </summary>
internal sealed class ProcessPoolPeer(PeerProcess process) : IPeer, IArrayPeer
{
    public async Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration)
    {
        var answer = await process.AskAsync(new { callers, seconds = duration.TotalSeconds });
        var (calls, seconds) = (answer.GetProperty("calls").GetInt64(), answer.GetProperty("seconds").GetDouble());
        return new ClosedLoopResult(calls, Errors: 0, TimeSpan.FromSeconds(seconds), FirstError: null);
    }

    public Task<double[]> SingleAsync(int count) => TimesAsync(new { count });

    public Task<double[]> EchoAsync(int length, int count) => TimesAsync(new { count, length });

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<double[]> TimesAsync(object request) =>
        [.. (await process.AskAsync(request)).GetProperty("times").Deserialize<double[]>()!.Select(seconds => seconds * 1000)];
}
