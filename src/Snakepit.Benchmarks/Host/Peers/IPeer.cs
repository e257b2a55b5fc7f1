using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>What somebody might use instead of a pool, running with so many workers.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Callers that each make one call after the other.</summary>
    Task<ClosedLoopResult> ClosedAsync(int callers, TimeSpan duration);

    /// <summary>One caller, one call after the other: how long each took, in milliseconds.</summary>
    Task<double[]> SingleAsync(int count);
}
