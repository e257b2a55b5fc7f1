namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>The stream to one worker, without a pool.</summary>
internal interface IBareStream : IDisposable
{
    /// <summary>Sends a ping and waits for its result.</summary>
    /// <exception cref="InvalidOperationException">Something else arrived, or the worker ended the stream.</exception>
    Task PingAsync();
}
