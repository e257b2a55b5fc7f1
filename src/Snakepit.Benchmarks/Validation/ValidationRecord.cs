using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Reports;

namespace Snakepit.Benchmarks.Validation;

/// <summary>How one session of a trial came out.</summary>
/// <param name="Trial">The trial's name.</param>
/// <param name="Outcome">The outcome of the worst scenario.</param>
/// <param name="Regressed">What was found regressed and confirmed, the worst first, and by how much.</param>
/// <param name="Missed">The must-not-regress targets that were missed.</param>
/// <param name="Inconclusive">What was not decided.</param>
/// <param name="Problems">Why the measurement could not be trusted.</param>
/// <param name="Amount">The size of the fault, in its unit.</param>
/// <param name="Revision">The commit that both sides were built from.</param>
/// <param name="Machine">Where.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TrialOutcome(
    string Trial,
    GateOutcome Outcome,
    ImmutableArray<string> Regressed,
    ImmutableArray<string> Missed,
    ImmutableArray<string> Inconclusive,
    ImmutableArray<string> Problems,
    double Amount,
    string Revision,
    string Machine,
    double Seconds)
{
    /// <summary>False if the session was no measurement at all: it is told, and repeated.</summary>
    [JsonIgnore]
    public bool HasVerdict => Outcome is not (GateOutcome.Broken or GateOutcome.NotComparable);

    /// <summary>Of a session's verdicts.</summary>
    public static TrialOutcome Of(Trial trial, IReadOnlyCollection<ScenarioVerdict> verdicts, double amount, string revision, string machine, TimeSpan elapsed) => new(
        trial.Name,
        verdicts.Max(verdict => verdict.Outcome),
        [.. MetricVerdict.WorstFirst(verdicts.SelectMany(verdict => verdict.Regressed)).Select(Told)],
        [.. verdicts.SelectMany(verdict => verdict.WithTarget(TargetOutcome.Missed)).Select(metric => metric.Key)],
        [.. verdicts.SelectMany(verdict => verdict.WithOutcome(MetricOutcome.Inconclusive)).Select(Told)],
        [.. verdicts.SelectMany(verdict => verdict.Problems)],
        Math.Round(amount, 1),
        revision,
        machine,
        Math.Round(elapsed.TotalSeconds));

    private static string Told(MetricVerdict metric) => metric.Change is { } change ? $"{metric.Key} {ReportRow.Percent(change.Value)}" : metric.Key;
}

/// <summary>How far a validation has come.</summary>
internal enum ValidationState
{
    /// <summary>Every session was done, none was wrong, and at most one on identical code could not tell.</summary>
    Proven,

    /// <summary>Sessions are left, or too many could not tell.</summary>
    Open,

    /// <summary>Some session was wrong.</summary>
    Disproven,
}

/// <summary>A validation that goes on where it stopped: <c>baselines/validation.json</c>, which is also its record.</summary>
/// <param name="Gate">The content of the gate; another one begins anew.</param>
/// <param name="Outcomes">The sessions done.</param>
internal sealed record ValidationRecord(string Gate, ImmutableArray<TrialOutcome> Outcomes)
{
    private const int MostUndecided = 1;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.BaselineDirectory, "validation.json");

    /// <summary>The validation of that gate so far; a new one if there is none, or one of another gate.</summary>
    /// <exception cref="UnreadableFileException">The file is damaged.</exception>
    public static ValidationRecord Load(string path, string gate)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<ValidationRecord>(File.ReadAllText(path), Format) is { } found && found.Gate == gate
                ? found
                : new ValidationRecord(gate, []);
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(path, $"it is damaged ({exception.Message}) Remove it to begin anew.", exception);
        }
    }

    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>The next trial that has sessions left; null when they are done.</summary>
    public Trial? Next(IEnumerable<Trial> trials) => trials.FirstOrDefault(trial => Of(trial).Count(outcome => outcome.HasVerdict) < trial.Sessions);

    /// <summary>The sessions of a trial.</summary>
    public IEnumerable<TrialOutcome> Of(Trial trial) => Outcomes.Where(outcome => outcome.Trial == trial.Name);

    /// <summary>How far these trials have come.</summary>
    public ValidationState StateOf(IReadOnlyCollection<Trial> trials) => trials.Any(trial => Of(trial).Any(trial.IsWrong)) ? ValidationState.Disproven
        : Next(trials) is not null || trials.Sum(trial => Of(trial).Count(trial.IsUndecided)) > MostUndecided ? ValidationState.Open
        : ValidationState.Proven;
}
