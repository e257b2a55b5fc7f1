using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Runs;

/// <summary>One metric of a session, round by round, on both sides.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is.</param>
/// <param name="Candidate">One value a round of the code under test.</param>
/// <param name="Pin">One value a round of the pinned revision, measured in the same rounds; empty if there is none.</param>
/// <param name="WhyNotComparable">Why only one side could be measured, if the host of the other side is older than the metric; otherwise null.</param>
public sealed record MetricResult(
    string Key, string Unit, Worse Worse, string Description, ImmutableArray<double> Candidate, ImmutableArray<double> Pin,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WhyNotComparable = null)
{
    /// <summary>The metric that was measured.</summary>
    [JsonIgnore]
    public Metric Metric => new(Key, Unit, Worse, Description);

    /// <summary>The candidate's rounds as a sample.</summary>
    [JsonIgnore]
    public Sample Sample => new(Candidate);

    /// <summary>True if both sides were measured in every round.</summary>
    [JsonIgnore]
    public bool IsPaired => !Pin.IsDefaultOrEmpty && Pin.Length == Candidate.Length;

    /// <summary>True if there is a positive value of both sides for every round: it has a ratio.</summary>
    [JsonIgnore]
    public bool IsComparable => IsPaired && Candidate.Concat(Pin).All(value => value > 0);

    /// <summary>
    /// ln(candidate / pin) − ln(<paramref name="accepted"/>) of each round, signed so that more is worse.
    /// </summary>
    /// <param name="accepted">The accepted ratio, candidate to pin.</param>
    /// <exception cref="InvalidOperationException">The sides are not paired, or a value is not positive.</exception>
    public double[] Differences(double accepted)
    {
        if (!IsComparable)
        {
            throw new InvalidOperationException($"{Key} has no ratio: it needs the same rounds on both sides, and positive values only.");
        }

        var sign = Worse == Worse.Higher ? 1 : -1;
        return [.. Candidate.Zip(Pin, (candidate, pin) => sign * (Math.Log(candidate / pin) - Math.Log(accepted)))];
    }
}

/// <summary>One session of a scenario: rounds that were measured one after the other with one seed.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Metrics">What was measured.</param>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="Pin">The pinned revision, 40 hexadecimal digits; null if the candidate was measured alone.</param>
/// <param name="Warnings">What happened on the way that a reader should know.</param>
/// <param name="Confirmation">The session that was measured to confirm what this one found regressed, if any.</param>
/// <param name="Failure">Why the measurement was given up, if it was: then nothing else counts.</param>
public sealed record ScenarioResult(
    string Scenario,
    ImmutableArray<MetricResult> Metrics,
    int Seed,
    string? Pin,
    ImmutableArray<string> Warnings,
    ScenarioResult? Confirmation = null,
    string? Failure = null)
{
    /// <summary>The metric of that name.</summary>
    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public MetricResult this[string key] =>
        Find(key) ?? throw new KeyNotFoundException($"{Scenario} has no metric '{key}'; it has {string.Join(", ", Metrics.Select(metric => metric.Key))}.");

    /// <summary>The metric of that name, or null.</summary>
    public MetricResult? Find(string key) => Metrics.FirstOrDefault(metric => metric.Key == key);

    /// <summary>How many rounds were measured; of a metric that was decided earlier fewer.</summary>
    [JsonIgnore]
    public int Rounds => Metrics.IsDefaultOrEmpty ? 0 : Metrics.Max(metric => metric.Candidate.Length);
}

/// <summary>What was measured, of which revision, on which machine.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Id">The run's name: its UTC start, sortable.</param>
/// <param name="Commit">The candidate's revision; empty outside a git work tree.</param>
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
    public const int CurrentSchema = 2;
}
