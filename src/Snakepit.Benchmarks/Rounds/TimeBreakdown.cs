namespace Snakepit.Benchmarks.Rounds;

/// <summary>Divides what a scenario measures into consecutive steps, for the table of <c>bench run --phases</c>.</summary>
/// <param name="Title">The title of the table, which says what is divided into steps.</param>
/// <param name="Columns">
/// The headings of the columns. Each column is for one kind of what is measured, such as cold starts. All columns have the same steps.
/// </param>
/// <param name="Steps">
/// The description of each step, and for each column the name of the metric that holds the duration of the step in milliseconds.
/// </param>
internal sealed record TimeBreakdown(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<(string Description, IReadOnlyList<string> Metrics)> Steps);
