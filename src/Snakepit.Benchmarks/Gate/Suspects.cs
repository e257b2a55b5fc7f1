using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Measurement sessions with a suspect, which is a metric whose regression has to be confirmed by a second session. The run that found the
/// suspects writes these sessions to <c>artifacts/performance/suspects.json</c>. Later <c>bench confirm</c> reads the file, usually on
/// another machine, and measures the second sessions there.
/// </summary>
/// <param name="Sessions">The sessions with all their metrics, so that both sessions together can become a baseline.</param>
/// <param name="Sources">The checksum of the sources that were measured.</param>
internal sealed record Suspects(ImmutableArray<ScenarioResult> Sessions, string Sources)
{
    private const string Variable = "SNAKEPIT_CONFIRM";

    private static readonly JsonSerializerOptions Format = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>
    /// Is true if the variable <c>SNAKEPIT_CONFIRM=elsewhere</c> is set, which means that this run leaves it to <c>bench confirm</c> to
    /// confirm regressions.
    /// </summary>
    public static bool AreConfirmedElsewhere => Environment.GetEnvironmentVariable(Variable) == "elsewhere";

    private string? NamedTwice => Sessions.GroupBy(session => session.Scenario).FirstOrDefault(same => same.Skip(1).Any())?.Key
        ?? Sessions.Select(session => session.NamedTwice).FirstOrDefault(name => name is not null);

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.Artifacts, "suspects.json");

    /// <summary>
    /// Returns the sessions in which a metric regressed, if no second session has confirmed or refuted this regression yet.
    /// </summary>
    public static Suspects Of(IEnumerable<ScenarioVerdict> verdicts, string sources) =>
        new([.. verdicts.Where(verdict => verdict.Metrics.Any(metric => metric.IsSuspect)).Select(verdict => verdict.Result)], sources);

    /// <summary>
    /// Writes the sessions to a file. If there are no sessions, deletes the file instead, so that no file of an earlier run is left.
    /// </summary>
    public void Save(string path)
    {
        if (Sessions.IsEmpty)
        {
            File.Delete(path);
            return;
        }

        AtomicFile.Write(path, JsonSerializer.Serialize(this, Format) + "\n");
    }

    /// <exception cref="UnreadableFileException">The file is missing or damaged, or is a folder.</exception>
    public static Suspects Load(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableFileException(path, $"it is a folder. Name {Path.GetFileName(PathIn(Workspace.Current))} of a run.");
        }

        try
        {
            var suspects = JsonSerializer.Deserialize<Suspects>(File.ReadAllText(path), Format);
            return suspects is not { Sessions.IsDefaultOrEmpty: false } ? throw new JsonException("It holds no session.")
                : suspects.NamedTwice is { } name ? throw new JsonException($"It names {name} twice.")
                : suspects;
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new UnreadableFileException(path, $"it is not what 'run' has left to be confirmed ({exception.Message})", exception);
        }
    }
}
