using System.Collections.Immutable;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Measurement sessions with a suspect, which is a metric that regressed in one session and has to be confirmed by a second one. Another
/// job measures the second session, on another machine: the first run writes <c>artifacts/performance/suspects.json</c>, and
/// <c>bench confirm</c> reads that file.
/// </summary>
/// <param name="Sessions">The sessions with all their metrics, so that both sessions together can become a baseline.</param>
internal sealed record Suspects(ImmutableArray<ScenarioResult> Sessions)
{
    private const string Variable = "SNAKEPIT_CONFIRM";

    /// <summary>
    /// Is true if the variable <c>SNAKEPIT_CONFIRM=elsewhere</c> is set, which means that a later job confirms regressions.
    /// </summary>
    public static bool AreConfirmedElsewhere => Environment.GetEnvironmentVariable(Variable) == "elsewhere";

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.Artifacts, "suspects.json");

    /// <summary>Returns the sessions in which a metric regressed and that regression has not been confirmed yet.</summary>
    public static Suspects Of(IEnumerable<ScenarioVerdict> verdicts) =>
        new([.. verdicts.Where(verdict => verdict.Metrics.Any(metric => metric.IsSuspect)).Select(verdict => verdict.Result)]);

    /// <summary>Writes the file. If there are no sessions, deletes the file instead, so that no file of an earlier run is left.</summary>
    public void Save(string path)
    {
        if (Sessions.IsEmpty)
        {
            File.Delete(path);
            return;
        }

        AtomicFile.Write(path, JsonSerializer.Serialize(this) + "\n");
    }

    /// <exception cref="UnreadableFileException">The file is missing or damaged.</exception>
    public static Suspects Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Suspects>(File.ReadAllText(path)) ?? throw new JsonException("It holds null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new UnreadableFileException(path, $"it is not what 'run' has left to be confirmed ({exception.Message})", exception);
        }
    }
}
