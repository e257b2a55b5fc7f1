using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// The accepted ratios and counts of one scenario: the content of <c>baselines/SCENARIO.verified.json</c>. Runs are judged by the ratios to
/// the pin and by the counts. Values with a unit are only information.
/// </summary>
public sealed record Baseline
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const int CurrentSchema = 2;

    private static readonly double[] QuartileLevels = [0.25, 0.5, 0.75];

    /// <summary>The version of the file format.</summary>
    public required int Schema { get; init; }

    /// <summary>The name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>The pinned commit that the ratios refer to, as 40 hexadecimal digits.</summary>
    public required string Pin { get; init; }

    /// <summary>
    /// The reason why this baseline was accepted; empty if somebody renamed the proposed file and has not filled in the reason yet.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>
    /// In a proposal, the checksum of the sources that were measured, so that nobody accepts the ratios of other code; null in an accepted
    /// baseline.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sources { get; init; }

    /// <summary>
    /// In a proposal, the checksum of the accepted baseline that it was made from, so that it does not undo what was accepted meanwhile;
    /// null in an accepted baseline.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Basis { get; init; }

    /// <summary>The accepted ratios to the pin, by the name of the metric.</summary>
    public required ImmutableSortedDictionary<string, AcceptedRatio> Metrics { get; init; }

    /// <summary>The accepted counts, by the name of the metric.</summary>
    public required ImmutableSortedDictionary<string, double> Counts { get; init; }

    /// <summary>The measured values with their units, by the key of the machine profile.</summary>
    public required ImmutableSortedDictionary<string, AcceptedMachine> Machines { get; init; }

    /// <summary>The names of the metrics that have an accepted ratio or count.</summary>
    [JsonIgnore]
    public IEnumerable<string> Keys => Metrics.Keys.Concat(Counts.Keys);

    /// <summary>Creates a baseline that accepts nothing yet.</summary>
    public static Baseline Empty(string scenario, string pin) => new()
    {
        Schema = CurrentSchema,
        Scenario = scenario,
        Pin = pin,
        Reason = "",
        Metrics = ImmutableSortedDictionary<string, AcceptedRatio>.Empty.WithComparers(StringComparer.Ordinal),
        Counts = ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal),
        Machines = ImmutableSortedDictionary<string, AcceptedMachine>.Empty.WithComparers(StringComparer.Ordinal),
    };

    /// <summary>
    /// Creates the baseline that accepts the pin itself, so that every judged ratio is 1. The counts are copied from
    /// <paramref name="known"/>, if there is one.
    /// </summary>
    public static Baseline AcceptingPin(string scenario, IEnumerable<Metric> metrics, string pin, Policy policy, Baseline? known)
    {
        var empty = Empty(scenario, pin);
        return empty with
        {
            Reason = "the pin itself",
            Metrics = empty.Metrics.AddRange(metrics.Where(metric => policy.RuleFor(metric.Key) is not null)
                .Select(metric => KeyValuePair.Create(metric.Key, AcceptedRatio.OfPin(metric.Unit, metric.Worse)))),
            Counts = known?.Counts ?? empty.Counts,
        };
    }

    /// <summary>Reads a baseline file.</summary>
    /// <exception cref="UnreadableFileException">
    /// The file is missing, damaged, has another version of the format, or belongs to another scenario.
    /// </exception>
    public static Baseline Load(string path, string scenario) => Parse(JsonFile.Read(path), path, scenario);

    /// <summary>Parses the text of a baseline file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <param name="scenario">The name of the scenario that the file must belong to.</param>
    /// <exception cref="UnreadableFileException">
    /// The text is damaged, has another version of the format, or belongs to another scenario.
    /// </exception>
    public static Baseline Parse(string text, string path, string scenario)
    {
        var baseline = JsonFile.Parse<Baseline>(text, path, CurrentSchema);
        var problem = baseline.Scenario != scenario
                ? $"it is the baseline of '{baseline.Scenario}', not of '{scenario}'."
            : baseline.Pin.Length != 40 || !baseline.Pin.All(char.IsAsciiHexDigitLower)
                ? $"its pin '{baseline.Pin}' is not a commit of 40 hexadecimal digits in lower case."
            : baseline.Metrics.Values.Any(ratio => !ratio.IsValid)
                ? "it has a ratio that is not positive, or outside of its own bounds."
            : null;
        return problem is null ? baseline : throw new UnreadableFileException(path, $"{problem} Restore it from version control.");
    }

    /// <summary>Returns this baseline with the measured values of a session, stored as the values of the given machine.</summary>
    public Baseline With(ScenarioResult result, MachineProfile machine) => this with
    {
        Machines = Machines.SetItem(machine.Key, new AcceptedMachine
        {
            Cpu = machine.Cpu,
            Cores = machine.Cores,
            Dotnet = machine.Dotnet,
            Versions = new SortedDictionary<string, JsonElement>(
                machine.Components.ToDictionary(version => version.Key, version => JsonSerializer.SerializeToElement(version.Value)),
                StringComparer.Ordinal),
            Values = result.Metrics.Where(metric => !metric.Candidate.IsDefaultOrEmpty && metric.IsFinite)
                .ToImmutableSortedDictionary(metric => metric.Key, metric => Quartiles(metric.Sample), StringComparer.Ordinal),
        }),
    };

    /// <summary>Returns the accepted count of a metric; null if there is none.</summary>
    public double? CountOf(string key) => Counts.TryGetValue(key, out var count) ? count : null;

    /// <summary>Returns a checksum of this baseline.</summary>
    public string ToChecksum() => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ToText())));

    /// <summary>Returns the differences from an earlier baseline. If there is no earlier baseline, everything is new.</summary>
    public IEnumerable<BaselineChange> ChangesFrom(Baseline? before) => BaselineChange.Between(before, this);

    /// <summary>
    /// Returns the text of the baseline file, with sorted keys and one metric on each line, so that a diff shows what has changed.
    /// </summary>
    public string ToText() => BaselineText.Of(this);

    private static ImmutableArray<double> Quartiles(Sample sample) =>
        [.. QuartileLevels.Select(p => SignificantDigits.Rounded(sample.Quantile(p), 3))];
}
