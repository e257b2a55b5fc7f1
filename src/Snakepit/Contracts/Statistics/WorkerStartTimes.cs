namespace Snakepit;

/// <summary>When a worker passed each phase of its start. The times come from <see cref="SnakepitOptions.TimeProvider"/>, in UTC.</summary>
/// <param name="Launched">Its process was requested from the template or from the operating system.</param>
/// <param name="Connected">Its process ran and had opened its control channel.</param>
/// <param name="Listening">The adapter had started in it, and it accepted connections.</param>
/// <param name="Ready">It had answered its first ping. From then on it takes calls.</param>
public sealed record WorkerStartTimes(DateTimeOffset Launched, DateTimeOffset Connected, DateTimeOffset Listening, DateTimeOffset Ready)
{
    /// <summary>How long the whole start took.</summary>
    public TimeSpan Duration => Ready - Launched;
}
