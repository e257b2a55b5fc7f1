using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Runs;

/// <summary>
/// The measured values of one metric in a measurement session. There is one value per round for each of the two sides, the candidate and
/// the pin.
/// </summary>
/// <param name="Key">The name of the metric.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Worse">The direction in which the metric gets worse.</param>
/// <param name="Description">What the metric measures, in a few words.</param>
/// <param name="Candidate">The values of the code under test, one per round.</param>
/// <param name="Pin">
/// The values of the pinned commit, which the candidate is compared with, measured in the same rounds; empty if the pin was not measured.
/// </param>
/// <param name="WhyNotComparable">
/// The reason why only one side could be measured, if the code of the other side is too old to measure this metric; null otherwise.
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

    /// <summary>
    /// Returns true if every value is a number, and not infinite. Otherwise the metric has no quantiles and cannot be judged.
    /// </summary>
    [JsonIgnore]
    public bool IsFinite => Candidate.All(double.IsFinite) && (Pin.IsDefaultOrEmpty || Pin.All(double.IsFinite));

    /// <summary>The median of the candidate as text; a dash if it was not measured.</summary>
    [JsonIgnore]
    public string CandidateText => MedianOf(Candidate);

    /// <summary>The median of the pin as text; a dash if it was not measured.</summary>
    [JsonIgnore]
    public string PinText => MedianOf(Pin);

    /// <summary>Returns true if both sides were measured in every round.</summary>
    [JsonIgnore]
    public bool IsPaired => !Pin.IsDefaultOrEmpty && Pin.Length == Candidate.Length;

    /// <summary>Returns true if both sides have a positive value in every round, so that ratios exist.</summary>
    [JsonIgnore]
    public bool IsComparable => IsPaired && Candidate.Concat(Pin).All(value => value > 0);

    /// <summary>
    /// Returns ln(candidate / pin) − ln(<paramref name="accepted"/>) for each round, with the sign chosen so that larger is worse.
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

    private static string MedianOf(ImmutableArray<double> values) => values.IsDefaultOrEmpty ? "–"
        : values.All(double.IsFinite) ? ShortNumber.Format(new Sample(values).Median)
        : "not a number";
}
