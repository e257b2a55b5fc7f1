using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Host;
using Snakepit.Measurement.Comparison;
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
        new("+25 % startup", 5, FaultKind.Startup, 0.25, IsLoaded: false, ["Startup"], ["startup."]),
        new("+25 % serialisation", 5, FaultKind.Serialisation, 0.25, IsLoaded: false, ["Throughput"], ["throughput.8.cpu.host", "throughput.8.rate"]),
        new("one lock around all calls", 1, FaultKind.Lock, 0, IsLoaded: false, ["Throughput"], ["throughput.8."]),
        new("1 % of calls slow", 1, FaultKind.Tail, 0, IsLoaded: false, ["Latency"], ["latency.p99"]),
        new("twice the allocations", 1, FaultKind.Allocations, 1, IsLoaded: false, ["Throughput"], ["throughput.8.allocated"]),
        new("one worker missing", 1, FaultKind.MissingWorker, 0, IsLoaded: false, ["Startup"], ["startup.16.processes"]),
    ];

    /// <summary>True if the gate should stay silent.</summary>
    [JsonIgnore]
    public bool IsIdentical => Fault == FaultKind.None;

    /// <summary>Whether a session came out as it should.</summary>
    public bool IsRight(TrialOutcome outcome) => IsIdentical
        ? outcome.Outcome is GateOutcome.Passed
        : outcome.Outcome == GateOutcome.Regressed && outcome.Regressed is [var first, ..] && Expected.Any(prefix => first.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>How one session of a trial came out.</summary>
/// <param name="Trial">The trial's name.</param>
/// <param name="Outcome">The outcome of the worst scenario.</param>
/// <param name="Regressed">What was found regressed and confirmed, the worst first.</param>
/// <param name="Inconclusive">What was not decided.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TrialOutcome(string Trial, GateOutcome Outcome, ImmutableArray<string> Regressed, ImmutableArray<string> Inconclusive, double Seconds)
{
    /// <summary>Of a session's verdicts.</summary>
    public static TrialOutcome Of(Trial trial, IReadOnlyCollection<ScenarioVerdict> verdicts, TimeSpan elapsed) => new(
        trial.Name,
        verdicts.Max(verdict => verdict.Outcome),
        [.. MetricVerdict.WorstFirst(verdicts.SelectMany(verdict => verdict.Regressed)).Select(metric => metric.Key)],
        [.. verdicts.SelectMany(verdict => verdict.Of(MetricOutcome.Inconclusive)).Select(metric => metric.Key)],
        Math.Round(elapsed.TotalSeconds));
}

/// <summary>A validation that goes on where it stopped: <c>artifacts/performance/validation.json</c>.</summary>
/// <param name="Commit">The revision that is validated; another one begins anew.</param>
/// <param name="CallCostUs">CPU of a call on both sides, microseconds: what shares of service time and serialisation refer to.</param>
/// <param name="CallBytes">Bytes allocated by a call.</param>
/// <param name="StartMs">A cold start of 16 workers, milliseconds.</param>
/// <param name="Outcomes">The sessions done.</param>
internal sealed record Validation(string Commit, double CallCostUs, double CallBytes, double StartMs, ImmutableArray<TrialOutcome> Outcomes)
{
    // Far above what 1 in 100 calls takes otherwise.
    private const double SlowCallMs = 30;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static string PathIn(Workspace workspace) => Path.Combine(workspace.Artifacts, "validation.json");

    /// <summary>The validation of that revision so far; null if there is none.</summary>
    /// <exception cref="UnreadableFileException">The file is damaged.</exception>
    public static Validation? Load(string path, string commit)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Validation>(File.ReadAllText(path), Format) is { } found && found.Commit == commit ? found : null;
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(path, $"it is damaged ({exception.Message}) Remove it to begin anew.", exception);
        }
    }

    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>The fault of a trial in its unit.</summary>
    public Fault FaultOf(Trial trial) => new(trial.Fault, trial.Fault switch
    {
        FaultKind.Service or FaultKind.Serialisation => trial.Share * CallCostUs,
        FaultKind.Startup => trial.Share * StartMs,
        FaultKind.Allocations => trial.Share * CallBytes,
        FaultKind.Tail => SlowCallMs,
        _ => 0,
    });

    /// <summary>The next trial among those whose names contain one of <paramref name="parts"/>, or all, that has sessions left; null when they are done.</summary>
    public Trial? Next(params string[] parts) => Trial.All.FirstOrDefault(trial => Of(trial).Count() < trial.Sessions
        && (parts.Length == 0 || Array.Exists(parts, part => trial.Name.Contains(part, StringComparison.OrdinalIgnoreCase))));

    /// <summary>The sessions of a trial.</summary>
    public IEnumerable<TrialOutcome> Of(Trial trial) => Outcomes.Where(outcome => outcome.Trial == trial.Name);
}
