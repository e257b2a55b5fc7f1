namespace Snakepit;

/// <summary>The reasons for which a session loses its state.</summary>
public enum SessionLoss
{
    /// <summary>The session was disposed.</summary>
    Ended,

    /// <summary>The session was not used for <see cref="SessionOptions.IdleTimeout"/>.</summary>
    Expired,

    /// <summary>The worker that kept the state was lost.</summary>
    WorkerLost,

    /// <summary>The worker that kept the state was recycled according to <see cref="SnakepitOptions.Recycling"/>.</summary>
    WorkerRecycled,

    /// <summary>
    /// A cancelled call was interrupted in the worker that kept the state, so the worker was replaced; see
    /// <see cref="SnakepitOptions.AfterInterruption"/>.
    /// </summary>
    WorkerInterrupted,
}
