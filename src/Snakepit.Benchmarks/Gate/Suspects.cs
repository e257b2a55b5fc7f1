using System.Collections.Immutable;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Sessions that found a regression which another job has to confirm, on another machine. The run that measured them writes
/// <c>artifacts/performance/suspects.json</c>, and <c>bench confirm</c> reads it.
/// </summary>
/// <param name="Sessions">The sessions with all their metrics, so that both sessions together can become a baseline.</param>
internal sealed record Suspects(ImmutableArray<ScenarioResult> Sessions)
{
    private const string Variable = "SNAKEPIT_CONFIRM";

    /// <summary>True if <c>SNAKEPIT_CONFIRM=elsewhere</c> says that a later job confirms regressions.</summary>
    public static bool AreConfirmedElsewhere => Environment.GetEnvironmentVariable(Variable) == "elsewhere";

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.Artifacts, "suspects.json");

    /// <summary>The sessions of a run in which a metric regressed and was not confirmed yet.</summary>
    public static Suspects Of(IEnumerable<ScenarioVerdict> verdicts) =>
        new([.. verdicts.Where(verdict => verdict.Metrics.Any(metric => metric.IsSuspect)).Select(verdict => verdict.Result)]);

    /// <summary>Writes the file; deletes it if there are no sessions, so that no file of an earlier run is left.</summary>
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
