namespace Snakepit;

/// <summary>
/// Facts about the template process, from which a pool's workers are forked. Workers share memory pages with the template, so the memory of
/// the template and its workers is best measured as the sum of their proportional set sizes (PSS). The times come from
/// <see cref="SnakepitOptions.TimeProvider"/>, in UTC.
/// </summary>
/// <param name="ProcessId">The process id of the template. It changes when a lost template is replaced.</param>
/// <param name="Started">When the process was started.</param>
/// <param name="Connected">When the Python interpreter had booted and opened the control channel; null until then.</param>
/// <param name="Prepared">When the adapter was imported and its <c>prepare()</c> had returned; null until then.</param>
public sealed record TemplateStatistics(int ProcessId, DateTimeOffset Started, DateTimeOffset? Connected, DateTimeOffset? Prepared)
{
    /// <summary>
    /// Whether the template is a <c>SnakepitTemplate</c> that other pools may use too; false if the pool has started the template for
    /// itself.
    /// </summary>
    public bool IsShared { get; init; }
}
