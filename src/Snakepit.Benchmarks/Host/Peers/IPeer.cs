using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A running peer. A peer is another way to call Python from .NET, such as a web service, which the pool is compared with.
/// </summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Makes calls in a closed loop: each caller starts its next call when its previous one has ended.</summary>
    Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration);

    /// <summary>Makes <paramref name="count"/> calls one after another, and returns the duration of each in milliseconds.</summary>
    Task<double[]> SingleAsync(int count);
}
