using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// What was accepted for one scenario: <c>baselines/SCENARIO.verified.json</c>. Ratios and counts are judged; the numbers in their units are
/// information.
/// </summary>
public sealed record Baseline
{
    /// <summary>The format that this version reads and writes.</summary>
    public const int CurrentSchema = 2;

    /// <summary>The version of the format.</summary>
    public required int Schema { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The revision that ratios refer to: 40 hexadecimal digits.</summary>
    public required string Pin { get; init; }

    /// <summary>Why this baseline was accepted; empty if it was accepted by renaming and nobody has said it yet.</summary>
    public required string Reason { get; init; }

    /// <summary>Ratios to the pin, by metric.</summary>
    public required ImmutableSortedDictionary<string, AcceptedRatio> Metrics { get; init; }

    /// <summary>Counts that may not change, by metric.</summary>
    public required ImmutableSortedDictionary<string, double> Counts { get; init; }

    /// <summary>Numbers in their units, by machine profile.</summary>
    public required ImmutableSortedDictionary<string, AcceptedMachine> Machines { get; init; }

    /// <summary>A baseline without any numbers.</summary>
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

    /// <summary>The baseline that accepts the pin itself: every judged ratio is 1. Counts are those of <paramref name="known"/>.</summary>
    public static Baseline OfThePin(string scenario, IEnumerable<Metric> metrics, string pin, Policy policy, Baseline? known)
    {
        var empty = Empty(scenario, pin);
        return empty with
        {
            Reason = "the pin itself",
            Metrics = empty.Metrics.AddRange(metrics.Where(metric => policy.RuleOf(metric.Key) is not null)
                .Select(metric => KeyValuePair.Create(metric.Key, AcceptedRatio.One(metric.Unit, metric.Worse)))),
            Counts = known?.Counts ?? empty.Counts,
        };
    }

    /// <summary>Reads a baseline.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, of another schema, or of another scenario.</exception>
    public static Baseline Load(string path, string scenario) => Parse(JsonFile.Text(path), path, scenario);

    /// <summary>Reads a baseline from a text.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <param name="scenario">Whose it should be.</param>
    /// <exception cref="UnreadableFileException">It is damaged, of another schema, or of another scenario.</exception>
    public static Baseline Parse(string text, string path, string scenario)
    {
        JsonFile.RequireSchema(text, path, CurrentSchema);
        var baseline = JsonFile.Parse<Baseline>(text, path);
        var problem = baseline.Scenario != scenario ? $"it is the baseline of '{baseline.Scenario}', not of '{scenario}'."
            : baseline.Pin.Length != 40 || !baseline.Pin.All(char.IsAsciiHexDigitLower) ? $"its pin '{baseline.Pin}' is no commit of 40 hexadecimal digits."
            : baseline.Metrics.Values.Any(ratio => !ratio.IsSound) ? "it has a ratio that is not positive, or outside of its own bounds."
            : null;
        return problem is null ? baseline : throw new UnreadableFileException(path, $"{problem} Restore it from version control.");
    }

    /// <summary>The same baseline with this run's numbers for its machine.</summary>
    public Baseline With(ScenarioResult result, MachineProfile machine) => this with
    {
        Machines = Machines.SetItem(machine.Key, new AcceptedMachine
        {
            Cpu = machine.Cpu,
            Cores = machine.Cores,
            Dotnet = machine.Dotnet,
            Versions = new SortedDictionary<string, JsonElement>(
                machine.Components.ToDictionary(version => version.Key, version => JsonSerializer.SerializeToElement(version.Value)), StringComparer.Ordinal),
            Values = result.Metrics.Where(metric => !metric.Candidate.IsDefaultOrEmpty).ToImmutableSortedDictionary(metric => metric.Key, metric => Summary(metric.Sample), StringComparer.Ordinal),
        }),
    };

    /// <summary>What is accepted here and was not in another one: ratios, counts, and what is no more.</summary>
    public IEnumerable<BaselineChange> ChangesFrom(Baseline? before)
    {
        var ratios = Metrics.Select(entry => new BaselineChange(entry.Key, IsCount: false, before?.Metrics.GetValueOrDefault(entry.Key)?.Ratio, entry.Value.Ratio));
        var counts = Counts.Select(entry => new BaselineChange(
            entry.Key, IsCount: true, before?.Counts.TryGetValue(entry.Key, out var old) == true ? old : null, entry.Value));
        var removed = (before?.Metrics.Keys ?? []).Concat(before?.Counts.Keys ?? []).Where(key => !Metrics.ContainsKey(key) && !Counts.ContainsKey(key))
            .Select(key => new BaselineChange(key, IsCount: false, Before: null, Now: null));
        return ratios.Concat(counts).Where(change => change.Before != change.Now).Concat(removed);
    }

    /// <summary>The text of the file: sorted keys, few digits, one metric a line.</summary>
    public string ToText() => Compact(JsonSerializer.Serialize(this, JsonFile.Format)) + "\n";

    private static ImmutableArray<double> Summary(Sample sample) =>
        [SignificantDigits.Rounded(sample.Quantile(0.25), 3), SignificantDigits.Rounded(sample.Median, 3), SignificantDigits.Rounded(sample.Quantile(0.75), 3)];

    /// <summary>Puts arrays of numbers, and then objects without objects in them, on one line each.</summary>
    private static string Compact(string json)
    {
        var arrays = Regex.Replace(json, @"\[\s*([^\[\]{}""]*?)\s*\]", match => $"[{Spaced(match.Groups[1].Value)}]");
        return Regex.Replace(arrays, @"\{\s*(""unit"":[^{}]*?)\s*\}", match => $"{{ {Spaced(match.Groups[1].Value)} }}");
    }

    private static string Spaced(string text) => Regex.Replace(text, @"\s+", " ");
}
