namespace Snakepit.Hosting;

/// <summary>What the start of the application does about a pool that is not ready, or cannot start.</summary>
public enum PoolStartup
{
    /// <summary>
    /// The application starts when the pool is ready. If the pool cannot start, the start of the application fails with the pool's
    /// exception, which has Python's reason. This is the default.
    /// </summary>
    Required,

    /// <summary>
    /// The application waits for the first attempt to start the pool. If that fails, the application starts without the pool, and the start
    /// of the pool is tried again until it succeeds. Until then the health check for readiness is unhealthy.
    /// </summary>
    Optional,

    /// <summary>
    /// The application starts at once, and the pool starts meanwhile; a start that fails is tried again as with <see cref="Optional"/>.
    /// </summary>
    Background,

    /// <summary>
    /// The pool never starts, and whoever asks for it gets a <see cref="PoolNotStartedException"/>. For tests of an application, in which
    /// fakes take the place of what uses the pool.
    /// </summary>
    Never,
}
