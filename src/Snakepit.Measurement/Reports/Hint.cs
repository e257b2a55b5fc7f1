namespace Snakepit.Measurement.Reports;

/// <summary>Where to look when a scenario got worse: a possible cause, and the metrics that tell whether it is one.</summary>
/// <param name="Cause">In a few words.</param>
/// <param name="Metrics">Their names.</param>
public sealed record Hint(string Cause, IReadOnlyList<string> Metrics);
