namespace Snakepit;

/// <summary>
/// The times at which a worker passed each phase of its start. The times come from <see cref="SnakepitOptions.TimeProvider"/>, in UTC.
/// </summary>
/// <param name="Launched">When the pool had requested the worker's process from the template or from the operating system.</param>
/// <param name="Connected">When the worker's process ran and had opened its control channel.</param>
/// <param name="Listening">When the adapter had started in the worker, and the worker accepted connections.</param>
/// <param name="Ready">When the worker had answered its first ping. From then on it takes calls.</param>
public sealed record WorkerStartTimes(DateTimeOffset Launched, DateTimeOffset Connected, DateTimeOffset Listening, DateTimeOffset Ready)
{
    /// <summary>The duration of the whole start, from launched to ready.</summary>
    public TimeSpan Duration => Ready - Launched;
}
