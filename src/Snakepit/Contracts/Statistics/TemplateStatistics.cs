namespace Snakepit;

/// <summary>
/// The template process that a pool's workers are forked from. Workers share memory pages with it, so their memory is measured best as
/// proportional set size (PSS) of all these processes. The times come from <see cref="SnakepitOptions.TimeProvider"/>, in UTC.
/// </summary>
/// <param name="ProcessId">The id of the process. It changes when a lost template is replaced.</param>
/// <param name="Started">The process was started.</param>
/// <param name="Connected">Its Python interpreter had booted and opened the control channel; null until then.</param>
/// <param name="Prepared">The adapter was imported and its <c>prepare()</c> had returned; null until then.</param>
public sealed record TemplateStatistics(int ProcessId, DateTimeOffset Started, DateTimeOffset? Connected, DateTimeOffset? Prepared)
{
    /// <summary>True if the template is a <c>SnakepitTemplate</c> that other pools may use too; false if it is the pool's own.</summary>
    public bool IsShared { get; init; }
}
