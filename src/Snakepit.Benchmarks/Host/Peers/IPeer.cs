using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A running peer: something that people might use instead of a pool.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Makes calls in a closed loop: each caller makes one call after the other.</summary>
    Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration);

    /// <summary>Makes one call after the other, and returns how long each took in milliseconds.</summary>
    Task<double[]> SingleAsync(int count);
}
