namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>A connection to one worker that is used without a pool.</summary>
internal interface IBareStream : IDisposable
{
    /// <summary>Sends a ping to the worker and waits for its result.</summary>
    /// <exception cref="InvalidOperationException">The worker sent something else, or ended the connection.</exception>
    Task PingAsync();
}
