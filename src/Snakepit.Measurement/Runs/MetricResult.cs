using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Runs;

/// <summary>The values of one metric in a session, one per round and side.</summary>
/// <param name="Key">The name of the metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Worse">The direction in which it gets worse.</param>
/// <param name="Description">What it is.</param>
/// <param name="Candidate">The values of the code under test, one per round.</param>
/// <param name="Pin">The values of the pinned revision, measured in the same rounds; empty if it was not measured.</param>
/// <param name="WhyNotComparable">
/// Why only one side could be measured, if the code of the other side is older than the metric; null if both could.
/// </param>
public sealed record MetricResult(
    string Key,
    string Unit,
    Worse Worse,
    string Description,
    ImmutableArray<double> Candidate,
    ImmutableArray<double> Pin,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WhyNotComparable = null)
{
    /// <summary>The metric that was measured.</summary>
    [JsonIgnore]
    public Metric Metric => new(Key, Unit, Worse, Description);

    /// <summary>The values of the candidate as a sample.</summary>
    [JsonIgnore]
    public Sample Sample => new(Candidate);

    /// <summary>True if both sides were measured in every round.</summary>
    [JsonIgnore]
    public bool IsPaired => !Pin.IsDefaultOrEmpty && Pin.Length == Candidate.Length;

    /// <summary>True if both sides have a positive value in every round, so that ratios exist.</summary>
    [JsonIgnore]
    public bool IsComparable => IsPaired && Candidate.Concat(Pin).All(value => value > 0);

    /// <summary>
    /// ln(candidate / pin) − ln(<paramref name="accepted"/>) for each round, with the sign chosen so that larger is worse.
    /// </summary>
    /// <param name="accepted">The accepted ratio of candidate to pin.</param>
    /// <exception cref="InvalidOperationException">The rounds are not paired, or a value is not positive.</exception>
    public double[] LogRatios(double accepted)
    {
        if (!IsComparable)
        {
            throw new InvalidOperationException(
                $"{Key} has no ratio: both sides must be measured in the same rounds, and every value must be positive.");
        }

        var sign = Worse == Worse.Higher ? 1 : -1;
        return [.. Candidate.Zip(Pin, (candidate, pin) => sign * (Math.Log(candidate / pin) - Math.Log(accepted)))];
    }
}
