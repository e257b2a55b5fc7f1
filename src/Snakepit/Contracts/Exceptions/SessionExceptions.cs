namespace Snakepit;

/// <summary>
/// Thrown when a call uses a session that has ended or has lost its state. The call was not made. Open the session again to begin with an
/// empty state.
/// </summary>
public sealed class SessionLostException : SnakepitException
{
    internal SessionLostException(string key, SessionLoss reason)
        : base($"Session '{key}' {Described(reason)}. Open it again to begin with an empty state.")
    {
        Key = key;
        Reason = reason;
    }

    /// <summary>The session's key.</summary>
    public string Key { get; }

    /// <summary>The reason why the session's state was lost.</summary>
    public SessionLoss Reason { get; }

    private static string Described(SessionLoss reason) => reason switch
    {
        SessionLoss.Ended => "has been disposed",
        SessionLoss.Expired => $"was not used for {nameof(SnakepitOptions.Sessions)}.{nameof(SessionOptions.IdleTimeout)} and has expired",
        SessionLoss.WorkerRecycled => "has lost its state: the worker that kept it was recycled",
        SessionLoss.WorkerInterrupted => "has lost its state: the worker that kept it was replaced, because a cancelled call was "
            + $"interrupted in it (see {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.AfterInterruption)})",
        _ => "has lost its state: the worker that kept it was lost",
    };
}

/// <summary>
/// Thrown when a call's session has the affinity <see cref="AffinityMode.FailFast"/> and the session's worker was busy, or, if the session
/// had no worker yet, when all workers were busy. The call was not made.
/// </summary>
public sealed class SessionBusyException : SnakepitException
{
    internal SessionBusyException(string key)
        : base($"No worker that may run this call of session '{key}' is free, and {nameof(AffinityMode)}.{nameof(AffinityMode.FailFast)} "
            + $"does not wait. Call again later, or open the session with {nameof(AffinityMode)}.{nameof(AffinityMode.Wait)}.") =>
        Key = key;

    /// <summary>The session's key.</summary>
    public string Key { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>Thrown when a session was not opened, because as many sessions as <see cref="SessionOptions.Limit"/> allows are open.</summary>
public sealed class SessionLimitException : SnakepitException
{
    internal SessionLimitException(int limit)
        : base($"{limit:N0} sessions are open, which is {nameof(SnakepitOptions.Sessions)}.{nameof(SessionOptions.Limit)}. "
            + $"Dispose those that are done, shorten {nameof(SessionOptions.IdleTimeout)}, or raise the limit.") =>
        Limit = limit;

    /// <summary>The pool's <see cref="SessionOptions.Limit"/>.</summary>
    public int Limit { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
