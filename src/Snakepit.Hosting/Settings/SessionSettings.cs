namespace Snakepit.Hosting;

/// <summary>The settings of <see cref="SessionOptions"/>, in a form that configuration can be bound to.</summary>
public sealed class SessionSettings
{
    /// <inheritdoc cref="SessionOptions.Limit"/>
    public int Limit { get; set; } = 10_000;

    /// <inheritdoc cref="SessionOptions.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    internal SessionOptions ToOptions() => new() { Limit = Limit, IdleTimeout = IdleTimeout };
}
