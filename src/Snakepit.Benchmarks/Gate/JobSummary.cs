namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// The summary of a job in GitHub Actions, to which a run adds its report. A summary that cannot be written changes no verdict: the problem
/// is only reported.
/// </summary>
internal static class JobSummary
{
    private static string? File => Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } file ? file : null;

    /// <summary>Adds text to the summary. Outside of GitHub Actions there is none, and nothing happens.</summary>
    /// <param name="text">The text, in Markdown. An empty text only checks that the summary can be written.</param>
    /// <param name="report">Called with a line of text if the summary cannot be written.</param>
    public static void Append(string text, Action<string> report)
    {
        try
        {
            if (File is { } file)
            {
                System.IO.File.AppendAllText(file, text);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report($"The job summary {File} (GITHUB_STEP_SUMMARY) cannot be written: {exception.Message}");
        }
    }
}
