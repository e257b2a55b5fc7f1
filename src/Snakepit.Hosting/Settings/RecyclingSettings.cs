namespace Snakepit.Hosting;

/// <summary>The settings of <see cref="RecyclingOptions"/>, in a form that configuration can be bound to.</summary>
public sealed class RecyclingSettings
{
    /// <inheritdoc cref="RecyclingOptions.MaxAge"/>
    public TimeSpan MaxAge { get; set; } = Timeout.InfiniteTimeSpan;

    /// <inheritdoc cref="RecyclingOptions.MaxCalls"/>
    public long? MaxCalls { get; set; }

    /// <inheritdoc cref="RecyclingOptions.MaxMemoryBytes"/>
    public long? MaxMemoryBytes { get; set; }

    /// <inheritdoc cref="RecyclingOptions.Jitter"/>
    public double Jitter { get; set; } = 0.1;

    internal RecyclingOptions ToOptions() =>
        new() { MaxAge = MaxAge, MaxCalls = MaxCalls, MaxMemoryBytes = MaxMemoryBytes, Jitter = Jitter };
}
