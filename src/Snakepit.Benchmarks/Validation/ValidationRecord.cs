using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Validation;

/// <summary>The sessions of one scenario that were done.</summary>
/// <param name="Key">A hash of everything that the sessions depend on. Sessions of another key are void.</param>
/// <param name="Outcomes">The outcomes, in the order of the sessions.</param>
internal sealed record ScenarioRecord(string Key, ImmutableArray<TrialOutcome> Outcomes)
{
    /// <summary>The sessions of a trial.</summary>
    public IEnumerable<TrialOutcome> Of(Trial trial) => Outcomes.Where(outcome => outcome.Trial == trial.Name);

    /// <summary>The record without the sessions of those trials.</summary>
    public ScenarioRecord Without(IEnumerable<Trial> trials) =>
        this with { Outcomes = Outcomes.RemoveAll(outcome => trials.Any(trial => trial.Name == outcome.Trial)) };
}

/// <summary>
/// The record of a validation, by scenario: <c>baselines/validation.json</c>. It is written after every session, so that a validation goes
/// on where it was interrupted.
/// </summary>
/// <param name="Schema">The version of the format.</param>
/// <param name="Scenarios">What was done, by the names of the scenarios.</param>
internal sealed record ValidationRecord(int Schema, ImmutableSortedDictionary<string, ScenarioRecord> Scenarios)
{
    private const int CurrentSchema = 2;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.BaselineDirectory, "validation.json");

    /// <summary>A record without any session.</summary>
    /// <param name="keys">The key of each scenario.</param>
    public static ValidationRecord Empty(IReadOnlyDictionary<string, string> keys) => new(
        CurrentSchema,
        keys.ToImmutableSortedDictionary(pair => pair.Key, pair => new ScenarioRecord(pair.Value, []), StringComparer.Ordinal));

    /// <summary>
    /// Reads the record. A scenario keeps its sessions only if its key is still the same; a file of an older format has none.
    /// </summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="keys">The key of each scenario, as it is now.</param>
    /// <exception cref="UnreadableFileException">The file is damaged.</exception>
    public static ValidationRecord Load(string path, IReadOnlyDictionary<string, string> keys)
    {
        var empty = Empty(keys);
        if (!File.Exists(path))
        {
            return empty;
        }

        try
        {
            var text = File.ReadAllText(path);
            return IsCurrent(text) ? empty.WithSessionsOf(JsonSerializer.Deserialize<ValidationRecord>(text, Format)!) : empty;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UnreadableFileException(path, $"it is damaged ({exception.Message}) Remove it to begin anew.", exception);
        }
    }

    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>The sessions of a scenario.</summary>
    public ScenarioRecord Of(ScenarioTrials scenario) => Scenarios[scenario.Name];

    /// <summary>The record with one more session of a scenario.</summary>
    public ValidationRecord With(ScenarioTrials scenario, TrialOutcome outcome) =>
        this with { Scenarios = Scenarios.SetItem(scenario.Name, Of(scenario) with { Outcomes = Of(scenario).Outcomes.Add(outcome) }) };

    /// <summary>The record without the sessions of those trials.</summary>
    public ValidationRecord Without(IEnumerable<ScenarioTrials> scenarios) =>
        this with { Scenarios = Scenarios.SetItems(scenarios.Select(one => KeyValuePair.Create(one.Name, Of(one).Without(one.Trials)))) };

    private ValidationRecord WithSessionsOf(ValidationRecord earlier)
    {
        var valid = earlier.Scenarios.Where(pair => Scenarios.GetValueOrDefault(pair.Key)?.Key == pair.Value.Key);
        return this with { Scenarios = Scenarios.SetItems(valid) };
    }

    private static bool IsCurrent(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Number
            && schema.TryGetInt32(out var number)
            && number == CurrentSchema;
    }
}
