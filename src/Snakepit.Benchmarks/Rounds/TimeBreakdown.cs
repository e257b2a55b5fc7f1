namespace Snakepit.Benchmarks.Rounds;

/// <summary>The steps that follow each other in what a scenario measures, for <c>bench run --phases</c>.</summary>
/// <param name="Title">What the steps are steps of.</param>
/// <param name="Columns">The kinds of what is measured; each has all steps.</param>
/// <param name="Steps">Each step, with the metric of its milliseconds for each column.</param>
internal sealed record TimeBreakdown(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<(string Description, IReadOnlyList<string> Metrics)> Steps);
