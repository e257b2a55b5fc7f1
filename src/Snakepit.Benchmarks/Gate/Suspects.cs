using System.Collections.Immutable;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// The sessions in which a run found something regressed and left it to be confirmed elsewhere, on a machine of its own:
/// <c>artifacts/performance/suspects.json</c>, for <c>bench confirm</c>.
/// </summary>
/// <param name="Sessions">Whole, so that both together can become a baseline.</param>
internal sealed record Suspects(ImmutableArray<ScenarioResult> Sessions)
{
    /// <summary>Set to <c>elsewhere</c> where a later job confirms.</summary>
    private const string Variable = "SNAKEPIT_CONFIRM";

    /// <summary>True if a regression is not confirmed by this run but by a later job.</summary>
    public static bool AreConfirmedElsewhere => Environment.GetEnvironmentVariable(Variable) == "elsewhere";

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.Artifacts, "suspects.json");

    /// <summary>The suspects of a run.</summary>
    public static Suspects Of(IEnumerable<ScenarioVerdict> verdicts) =>
        new([.. verdicts.Where(verdict => verdict.Metrics.Any(metric => metric.IsSuspect)).Select(verdict => verdict.Result)]);

    /// <summary>Writes the file, or removes it if nobody is suspected.</summary>
    public void Save(string path)
    {
        if (Sessions.IsEmpty)
        {
            File.Delete(path);
            return;
        }

        AtomicFile.Write(path, JsonSerializer.Serialize(this) + "\n");
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="UnreadableFileException">It is missing or damaged.</exception>
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
