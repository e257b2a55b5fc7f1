namespace Snakepit;

/// <summary>Why a session's state has gone.</summary>
public enum SessionLoss
{
    /// <summary>The session was disposed.</summary>
    Ended,

    /// <summary>Nobody used it for <see cref="SessionOptions.IdleTimeout"/>.</summary>
    Expired,

    /// <summary>The worker that kept it was lost.</summary>
    WorkerLost,

    /// <summary>The worker that kept it was recycled, as <see cref="SnakepitOptions.Recycling"/> plans.</summary>
    WorkerRecycled,
}
