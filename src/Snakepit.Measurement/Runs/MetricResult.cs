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
public sealed record MetricResult(
    string Key, string Unit, Worse Worse, string Description, ImmutableArray<double> Candidate, ImmutableArray<double> Pin)
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
