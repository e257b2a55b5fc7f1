using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// What was accepted for one scenario: the content of <c>baselines/SCENARIO.verified.json</c>. Ratios to the pin and counts are judged;
/// values in their units are information.
/// </summary>
public sealed record Baseline
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const int CurrentSchema = 2;

    private static readonly double[] QuartileLevels = [0.25, 0.5, 0.75];

    /// <summary>The version of the format.</summary>
    public required int Schema { get; init; }

    /// <summary>The name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>The revision that the ratios refer to: 40 hexadecimal digits.</summary>
    public required string Pin { get; init; }

    /// <summary>Why this baseline was accepted; empty if the file was renamed and its reason has not been filled in yet.</summary>
    public required string Reason { get; init; }

    /// <summary>The accepted ratios to the pin, by metric.</summary>
    public required ImmutableSortedDictionary<string, AcceptedRatio> Metrics { get; init; }

    /// <summary>The accepted counts, by metric.</summary>
    public required ImmutableSortedDictionary<string, double> Counts { get; init; }

    /// <summary>The values in their units, by the key of the machine profile.</summary>
    public required ImmutableSortedDictionary<string, AcceptedMachine> Machines { get; init; }

    /// <summary>The metrics that have an accepted ratio or count.</summary>
    [JsonIgnore]
    public IEnumerable<string> Keys => Metrics.Keys.Concat(Counts.Keys);

    /// <summary>A baseline that accepts nothing yet.</summary>
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
    /// The baseline that accepts the pin itself, so that every judged ratio is 1. The counts are those of <paramref name="known"/>.
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
    /// <exception cref="UnreadableFileException">The file is missing, damaged, of another schema, or of another scenario.</exception>
    public static Baseline Load(string path, string scenario) => Parse(JsonFile.Read(path), path, scenario);

    /// <summary>Parses the text of a baseline file.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">The file, for error messages.</param>
    /// <param name="scenario">The scenario that it must belong to.</param>
    /// <exception cref="UnreadableFileException">The text is damaged, of another schema, or of another scenario.</exception>
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

    /// <summary>This baseline with the values of a session as those of its machine.</summary>
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
            Values = result.Metrics.Where(metric => !metric.Candidate.IsDefaultOrEmpty)
                .ToImmutableSortedDictionary(metric => metric.Key, metric => Quartiles(metric.Sample), StringComparer.Ordinal),
        }),
    };

    /// <summary>The accepted count of a metric; null if there is none.</summary>
    public double? CountOf(string key) => Counts.TryGetValue(key, out var count) ? count : null;

    /// <summary>The differences to an earlier baseline, or to none.</summary>
    public IEnumerable<BaselineChange> ChangesFrom(Baseline? before) => BaselineChange.Between(before, this);

    /// <summary>The text of the file, with sorted keys and one metric on each line, so that a diff shows what has changed.</summary>
    public string ToText() => BaselineText.Of(this);

    private static ImmutableArray<double> Quartiles(Sample sample) =>
        [.. QuartileLevels.Select(p => SignificantDigits.Rounded(sample.Quantile(p), 3))];
}
