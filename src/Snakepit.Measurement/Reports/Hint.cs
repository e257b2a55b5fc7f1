namespace Snakepit.Measurement.Reports;

/// <summary>A possible cause of a regression, and the metrics that show whether it is the cause.</summary>
/// <param name="Cause">The cause, in a few words.</param>
/// <param name="Metrics">The names of the metrics.</param>
public sealed record Hint(string Cause, IReadOnlyList<string> Metrics);
