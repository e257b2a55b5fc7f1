namespace Snakepit.Hosting;

/// <summary>The settings of <see cref="HeartbeatOptions"/>, in a form that configuration can be bound to.</summary>
public sealed class HeartbeatSettings
{
    /// <inheritdoc cref="HeartbeatOptions.Interval"/>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="HeartbeatOptions.MaxMissed"/>
    public int MaxMissed { get; set; } = 3;

    internal HeartbeatOptions ToOptions() => new() { Interval = Interval, MaxMissed = MaxMissed };
}
