namespace Snakepit;

/// <summary>Thrown when the pool's wait queue was full. The call was refused at once and never reached Python.</summary>
public sealed class PoolSaturatedException : SnakepitException
{
    internal PoolSaturatedException(int queueLimit, int workers)
        : base($"All {workers} workers are busy and {queueLimit} callers wait already. Make fewer calls at a time, add workers "
            + $"({nameof(SnakepitOptions)}.{nameof(SnakepitOptions.Workers)}) or raise "
            + $"{nameof(SnakepitOptions.QueueLimit)} ({queueLimit}).") =>
        QueueLimit = queueLimit;

    /// <summary>The pool's <see cref="SnakepitOptions.QueueLimit"/>.</summary>
    public int QueueLimit { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// Thrown when no worker became free within <see cref="SnakepitOptions.QueueTimeout"/>. The call has not reached Python and never will.
/// </summary>
public sealed class QueueTimeoutException : SnakepitException
{
    internal QueueTimeoutException(TimeSpan waited, int workers)
        : base($"None of the {workers} workers became free within {waited.TotalSeconds:0.###} s. Add workers, shorten the calls or raise "
            + $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.QueueTimeout)}.") =>
        Waited = waited;

    /// <summary>The time that the caller has waited for a worker.</summary>
    public TimeSpan Waited { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>Thrown when the pool was disposed while the call was waiting or running.</summary>
public sealed class PoolStoppedException : SnakepitException
{
    internal PoolStoppedException(string what, bool hadBegun)
        : base($"The pool was disposed while {what}. Dispose it after its last call has ended.") =>
        HadBegun = hadBegun;

    /// <summary>Whether a worker had begun to run the call, which may then have had effects.</summary>
    internal bool HadBegun { get; }
}

/// <summary>
/// Thrown when the pool has no worker and its attempts to start a worker keep failing. The inner exception says why the last attempt
/// failed. The pool goes on trying.
/// </summary>
public sealed class PoolUnavailableException : SnakepitException
{
    internal PoolUnavailableException(TimeSpan nextAttempt, Exception? lastFailure)
        : base($"The pool has no worker, and none can be started: {lastFailure?.Message ?? "the last attempts failed."} "
            + $"The next attempt follows within {nextAttempt.TotalSeconds:0.###} s.", lastFailure)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
