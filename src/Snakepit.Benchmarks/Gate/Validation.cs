using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Host;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Snapshots;

namespace Snakepit.Benchmarks.Gate;

/// <summary>A kind of session that the gate is validated by.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Sessions">How many sessions.</param>
/// <param name="Fault">What is wrong with the candidate.</param>
/// <param name="Share">The fault's size, as a share of what it adds to.</param>
/// <param name="IsLoaded">Whether a busy loop takes half of a core meanwhile.</param>
/// <param name="Scenarios">What is measured; empty for everything.</param>
/// <param name="Expected">How the names of the metrics begin of which one must be named first.</param>
internal sealed record Trial(
    string Name, int Sessions, FaultKind Fault, double Share, bool IsLoaded, ImmutableArray<string> Scenarios, ImmutableArray<string> Expected)
{
    /// <summary>Identical code, quiet and loaded; then one fault after another.</summary>
    public static IReadOnlyList<Trial> All { get; } =
    [
        new("identical code", 7, FaultKind.None, 0, IsLoaded: false, [], []),
        new("identical code, a core half busy", 3, FaultKind.None, 0, IsLoaded: true, [], []),
        new("+25 % service time", 5, FaultKind.Service, 0.25, IsLoaded: false, ["Throughput"], ["throughput.8.cpu.workers", "throughput.8.rate"]),
        new("+25 % startup", 5, FaultKind.Startup, 0.25, IsLoaded: false, ["Startup"], ["startup.16.cold", "startup.16.fresh", "startup.8.cold"]),
        new("+25 % serialisation", 5, FaultKind.Serialisation, 0.25, IsLoaded: false, ["Throughput"], ["throughput.8.cpu.host", "throughput.8.rate"]),
        new("one lock around all calls", 1, FaultKind.Lock, 0, IsLoaded: false, ["Throughput"], ["throughput.8.rate"]),
        new("1 % of calls slow", 1, FaultKind.Tail, 0, IsLoaded: false, ["Latency"], ["latency.windows.p99"]),
        new("twice the allocations", 1, FaultKind.Allocations, 1, IsLoaded: false, ["Throughput"], ["throughput.8.allocated"]),
        new("one worker missing", 1, FaultKind.MissingWorker, 0, IsLoaded: false, ["Startup"], ["startup.16.processes"]),
    ];

    /// <summary>True if the gate should stay silent.</summary>
    [JsonIgnore]
    public bool IsIdentical => Fault == FaultKind.None;

    /// <summary>Whether a session came out as it should.</summary>
    public bool IsRight(TrialOutcome outcome) => IsIdentical
        ? outcome.Outcome == GateOutcome.Passed && outcome.Missed.IsEmpty
        : outcome.Outcome == GateOutcome.Regressed && outcome.Regressed is [var first, ..] && Expected.Any(prefix => first.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether a session came out as it never may: every verdict but the right one, and but undecided on identical code.</summary>
    public bool IsWrong(TrialOutcome outcome) => outcome.HasVerdict && !IsRight(outcome) && !IsUndecided(outcome);

    /// <summary>Whether a session on identical code could not tell.</summary>
    public bool IsUndecided(TrialOutcome outcome) => IsIdentical && outcome.Outcome == GateOutcome.Inconclusive && outcome.Missed.IsEmpty;
}

/// <summary>How one session of a trial came out.</summary>
/// <param name="Trial">The trial's name.</param>
/// <param name="Outcome">The outcome of the worst scenario.</param>
/// <param name="Regressed">What was found regressed and confirmed, the worst first, and by how much.</param>
/// <param name="Missed">The must-not-regress targets that were missed.</param>
/// <param name="Inconclusive">What was not decided.</param>
/// <param name="Problems">Why the measurement could not be trusted.</param>
/// <param name="Amount">The size of the fault, in its unit.</param>
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
    string Machine,
    double Seconds)
{
    /// <summary>False if the session was no measurement at all: it is told, and repeated.</summary>
    [JsonIgnore]
    public bool HasVerdict => Outcome is not (GateOutcome.Broken or GateOutcome.NotComparable);

    /// <summary>Of a session's verdicts.</summary>
    public static TrialOutcome Of(Trial trial, IReadOnlyCollection<ScenarioVerdict> verdicts, double amount, string machine, TimeSpan elapsed) => new(
        trial.Name,
        verdicts.Max(verdict => verdict.Outcome),
        [.. MetricVerdict.WorstFirst(verdicts.SelectMany(verdict => verdict.Regressed)).Select(Told)],
        [.. verdicts.SelectMany(verdict => verdict.Targets(TargetOutcome.Missed)).Select(metric => metric.Key)],
        [.. verdicts.SelectMany(verdict => verdict.Of(MetricOutcome.Inconclusive)).Select(Told)],
        [.. verdicts.SelectMany(verdict => verdict.Problems)],
        Math.Round(amount, 1),
        machine,
        Math.Round(elapsed.TotalSeconds));

    private static string Told(MetricVerdict metric) => metric.Change is { } change ? $"{metric.Key} {ReportRow.Percent(change.Value)}" : metric.Key;
}

/// <summary>What calls and starts cost on this machine: what the faults are shares of.</summary>
/// <param name="CallUs">CPU of a call on both sides, microseconds; while all processors are busy, its time.</param>
/// <param name="CallBytes">Bytes allocated by a call.</param>
/// <param name="StartMs">The best cold start of 16 workers, milliseconds.</param>
internal sealed record Calibration(double CallUs, double CallBytes, double StartMs)
{
    // Far above what 1 in 100 calls takes otherwise.
    private const double SlowCallMs = 30;

    /// <summary>The fault of a trial in its unit.</summary>
    public Fault FaultOf(Trial trial) => new(trial.Fault, trial.Fault switch
    {
        FaultKind.Service or FaultKind.Serialisation => trial.Share * CallUs,
        FaultKind.Startup => trial.Share * StartMs,
        FaultKind.Allocations => trial.Share * CallBytes,
        FaultKind.Tail => SlowCallMs,
        _ => 0,
    });
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
/// <param name="Code">The content of all that is measured and judged by; another one begins anew.</param>
/// <param name="Outcomes">The sessions done.</param>
internal sealed record Validation(string Code, ImmutableArray<TrialOutcome> Outcomes)
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

    /// <summary>The validation of that code so far; a new one if there is none, or one of another code.</summary>
    /// <exception cref="UnreadableFileException">The file is damaged.</exception>
    public static Validation Load(string path, string code)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<Validation>(File.ReadAllText(path), Format) is { } found && found.Code == code
                ? found
                : new Validation(code, []);
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
