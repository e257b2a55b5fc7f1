namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// The summary of a job in GitHub Actions, to which a run adds its report. A summary that cannot be written changes no verdict: the problem
/// is only reported.
/// </summary>
/// <param name="path">The file of the summary; null outside of GitHub Actions, where nothing is written.</param>
/// <param name="report">Called with a line of text if the summary cannot be written.</param>
internal sealed class JobSummary(string? path, Action<string> report)
{
    /// <summary>Returns the summary of the running job.</summary>
    public static JobSummary Current(Action<string> report) =>
        new(Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } path ? path : null, report);

    /// <summary>Tells in advance if the summary cannot be written.</summary>
    public void Check() => Append("");

    /// <summary>Adds text in Markdown to the summary.</summary>
    public void Append(string text)
    {
        try
        {
            if (path is not null)
            {
                File.AppendAllText(path, text);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report($"The job summary {path} (GITHUB_STEP_SUMMARY) cannot be written: {exception.Message}");
        }
    }
}
