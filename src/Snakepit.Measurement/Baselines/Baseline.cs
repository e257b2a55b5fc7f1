using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Snapshots;

namespace Snakepit.Measurement.Baselines;

/// <summary>What was accepted for one scenario: <c>baselines/SCENARIO.verified.json</c>.</summary>
public sealed record Baseline
{
    /// <summary>The format that this version reads and writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version of the format.</summary>
    public required int Schema { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The revision that ratios refer to, 40 hexadecimal digits; null until there is one.</summary>
    public string? Pin { get; init; }

    /// <summary>Why this baseline was accepted.</summary>
    public required string Reason { get; init; }

    /// <summary>Ratios to the pin, by metric; empty until there is a pin.</summary>
    public required ImmutableSortedDictionary<string, AcceptedRatio> Metrics { get; init; }

    /// <summary>Numbers in their units, by machine profile: information, and the base of the advisory comparison.</summary>
    public required ImmutableSortedDictionary<string, AcceptedMachine> Machines { get; init; }

    private static readonly JsonSerializerOptions Format = new(RunStore.Format) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A baseline without any numbers.</summary>
    public static Baseline Empty(string scenario) => new()
    {
        Schema = CurrentSchema,
        Scenario = scenario,
        Reason = "first baseline",
        Metrics = ImmutableSortedDictionary<string, AcceptedRatio>.Empty.WithComparers(StringComparer.Ordinal),
        Machines = ImmutableSortedDictionary<string, AcceptedMachine>.Empty.WithComparers(StringComparer.Ordinal),
    };

    /// <summary>Reads a baseline.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, of another schema, or of another scenario.</exception>
    public static Baseline Load(string path, string scenario)
    {
        var baseline = JsonFile.Read<Baseline>(path, Format);
        if (baseline.Schema != CurrentSchema)
        {
            throw new UnreadableFileException(path, $"it has schema {baseline.Schema}, and this version reads {CurrentSchema}.");
        }

        return baseline.Scenario == scenario
            ? baseline
            : throw new UnreadableFileException(path, $"it is the baseline of '{baseline.Scenario}', not of '{scenario}'. Restore it from version control.");
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
            Values = result.Metrics.ToImmutableSortedDictionary(metric => metric.Key, metric => Summary(metric.Sample), StringComparer.Ordinal),
        }),
    };

    /// <summary>The text of the file: sorted keys, three significant digits, one metric a line.</summary>
    public string ToText() => CompactArrays(JsonSerializer.Serialize(this, Format)) + "\n";

    private static ImmutableArray<double> Summary(Sample sample) =>
        [Rounded(sample.Quantile(0.25)), Rounded(sample.Median), Rounded(sample.Quantile(0.75))];

    private static double Rounded(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string CompactArrays(string json) =>
        Regex.Replace(
            json, @"\[\s*([^\[\]{}""]*?)\s*\]", match => $"[{Regex.Replace(match.Groups[1].Value, @"\s+", " ")}]");
}

/// <summary>An accepted ratio to the pin.</summary>
/// <param name="Unit">The metric's unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Ratio">Candidate divided by pin.</param>
/// <param name="Bounds">Lower and upper bound of the ratio.</param>
/// <param name="Rounds">Rounds that it was estimated from.</param>
public sealed record AcceptedRatio(string Unit, Worse Worse, double Ratio, ImmutableArray<double> Bounds, int Rounds);

/// <summary>Accepted numbers on one machine profile.</summary>
public sealed record AcceptedMachine
{
    /// <summary>The processor's model.</summary>
    public required string Cpu { get; init; }

    /// <summary>How many processors.</summary>
    public required int Cores { get; init; }

    /// <summary>The .NET runtime, major and minor.</summary>
    public required string Dotnet { get; init; }

    /// <summary>Versions of what else matters, by name, beside the other properties.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Versions { get; init; }

    /// <summary>Lower quartile, median and upper quartile over the rounds, by metric, in the metric's unit.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> Values { get; init; }
}
