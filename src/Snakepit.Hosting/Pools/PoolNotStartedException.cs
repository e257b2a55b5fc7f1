namespace Snakepit.Hosting;

/// <summary>
/// Thrown when a pool of the application is asked for before it is ready: before the host has started, while the pool starts in the
/// background, or after its start has failed. The inner exception says why the last attempt has failed, if one has.
/// </summary>
public sealed class PoolNotStartedException : InvalidOperationException
{
    internal PoolNotStartedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
