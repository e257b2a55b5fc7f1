using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Validation;

/// <summary>The validation sessions of one scenario that have been run.</summary>
/// <param name="Key">A hash of everything that the sessions depend on. When the hash changes, the recorded sessions become invalid.</param>
/// <param name="Outcomes">The outcomes, in the order of the sessions.</param>
internal sealed record ScenarioRecord(string Key, ImmutableArray<TrialOutcome> Outcomes)
{
    /// <summary>Returns the recorded sessions of a trial.</summary>
    public IEnumerable<TrialOutcome> Of(Trial trial) => Outcomes.Where(outcome => outcome.Trial == trial.Name);

    /// <summary>Returns a copy of the record without the sessions of some trials.</summary>
    public ScenarioRecord Without(IEnumerable<Trial> trials) =>
        this with { Outcomes = Outcomes.RemoveAll(outcome => trials.Any(trial => trial.Name == outcome.Trial)) };
}

/// <summary>
/// The sessions of a validation that have been run, by scenario. They are kept in <c>baselines/validation.json</c>. The file is written
/// after every session, so that an interrupted validation can continue.
/// </summary>
/// <param name="Schema">The version of the file format.</param>
/// <param name="Scenarios">The sessions of each scenario, by the name of the scenario.</param>
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

    /// <summary>Returns a record without any sessions.</summary>
    /// <param name="keys">The key of each scenario.</param>
    public static ValidationRecord Empty(IReadOnlyDictionary<string, string> keys) => new(
        CurrentSchema,
        keys.ToImmutableSortedDictionary(pair => pair.Key, pair => new ScenarioRecord(pair.Value, []), StringComparer.Ordinal));

    /// <summary>
    /// Reads the record from its file. The sessions of a scenario are kept only if the key of the scenario is still the same. A file of an
    /// older format counts as empty.
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

    /// <summary>Returns the recorded sessions of a scenario.</summary>
    public ScenarioRecord Of(ScenarioTrials scenario) => Scenarios[scenario.Name];

    /// <summary>Returns a copy of the record with one more session of a scenario.</summary>
    public ValidationRecord With(ScenarioTrials scenario, TrialOutcome outcome) =>
        this with { Scenarios = Scenarios.SetItem(scenario.Name, Of(scenario) with { Outcomes = Of(scenario).Outcomes.Add(outcome) }) };

    /// <summary>Returns a copy of the record without the sessions of some trials.</summary>
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
