using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Runs;

/// <summary>One metric of a run, round by round.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is.</param>
/// <param name="Rounds">One value a round, in the order measured.</param>
public sealed record MetricResult(string Key, string Unit, Worse Worse, string Description, ImmutableArray<double> Rounds)
{
    /// <summary>The metric that was measured.</summary>
    [JsonIgnore]
    public Metric Metric => new(Key, Unit, Worse, Description);

    /// <summary>The rounds as a sample.</summary>
    [JsonIgnore]
    public Sample Sample => new(Rounds);

    /// <summary>The best round.</summary>
    [JsonIgnore]
    public double Best => Metric.Best(Sample);
}

/// <summary>One scenario of a run.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Metrics">What was measured, references included.</param>
/// <param name="Seed">The seed of every random choice.</param>
public sealed record ScenarioResult(string Scenario, ImmutableArray<MetricResult> Metrics, int Seed)
{
    /// <summary>The metric of that name.</summary>
    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public MetricResult this[string key] =>
        Find(key) ?? throw new KeyNotFoundException($"{Scenario} has no metric '{key}'; it has {string.Join(", ", Metrics.Select(metric => metric.Key))}.");

    /// <summary>The metric of that name, or null.</summary>
    public MetricResult? Find(string key) => Metrics.FirstOrDefault(metric => metric.Key == key);
}

/// <summary>What was measured, of which revision, on which machine.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Id">The run's name: its UTC start, sortable.</param>
/// <param name="Commit">The revision; empty outside a git work tree.</param>
/// <param name="Dirty">True if the work tree differed from it.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="LoadBefore">The one-minute load average when it began.</param>
/// <param name="LoadAfter">The one-minute load average when it ended.</param>
/// <param name="Scenarios">What was measured.</param>
public sealed record RunResult(
    int Schema,
    string Id,
    string Commit,
    bool Dirty,
    MachineProfile Machine,
    double LoadBefore,
    double LoadAfter,
    ImmutableArray<ScenarioResult> Scenarios)
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentSchema = 1;
}
