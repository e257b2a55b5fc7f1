using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>A verdict and what it rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Estimate">Of the logarithm of the ratio, bounds widened by the spread between jobs; null before the first look.</param>
/// <param name="Control">Whether the control was seen in the same rounds.</param>
public sealed record Judgement(Verdict Verdict, Estimate? Estimate, bool Control)
{
    /// <summary>True if more rounds would not change it.</summary>
    public bool IsFinal => Verdict != Verdict.Inconclusive;
}
