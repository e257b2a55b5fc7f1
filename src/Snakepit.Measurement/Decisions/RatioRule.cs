using System.Text.Json.Serialization;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// The thresholds that turn the change of a metric into a verdict. The change is the measured ratio of candidate to pin, divided by the
/// accepted ratio. It is inverted for metrics whose smaller values are worse, so that 1.10 always means 10 % worse. Let θ be the estimated
/// logarithm of the change, and L and U its bounds. A metric is regressed if L &gt; ln <see cref="Negligible"/> and θ ≥ ln
/// <see cref="Tolerance"/>; else improved if U &lt; ln <see cref="Improvement"/>; else unchanged if U &lt; ln <see cref="MustDetect"/>;
/// else inconclusive, and more rounds are needed.
/// </summary>
/// <param name="Negligible">The largest change that is never called a regression, however certain the change is.</param>
/// <param name="Tolerance">The smallest estimated change that is called a regression.</param>
/// <param name="MustDetect">
/// The size of a regression that must not be missed: a metric is called unchanged only if a regression of this size is ruled out.
/// </param>
/// <param name="Improvement">A metric has improved if its change is certainly below this ratio, which is less than 1.</param>
/// <param name="BetweenJobSd">
/// The standard deviation between jobs of the logarithm of the ratio, when the code is unchanged. A job is one run of the suite. Ratios
/// differ a little from job to job even if each ratio is measured exactly. The policy file calls this value <c>tau</c>, the usual name in
/// random-effects models.
/// </param>
public sealed record RatioRule(
    [property: JsonPropertyName("noAlarm")] double Negligible,
    [property: JsonPropertyName("edge")] double Tolerance,
    [property: JsonPropertyName("catch")] double MustDetect,
    [property: JsonPropertyName("better")] double Improvement,
    [property: JsonPropertyName("tau")] double BetweenJobSd)
{
    /// <summary>
    /// The change from which on an unchanged metric is reported as drifting. It is two thirds of the way from no change to the tolerance.
    /// </summary>
    [JsonIgnore]
    public double Drift => 1 + ((Tolerance - 1) * 2 / 3);

    /// <summary>
    /// Returns this rule for a comparison with an accepted ratio that was itself measured and is therefore uncertain too. The variances of
    /// the accepted ratio are added to the variance between jobs.
    /// </summary>
    /// <param name="standardError">The standard error of the logarithm of the accepted ratio, within its jobs.</param>
    /// <param name="sessions">
    /// The number of jobs in which the accepted ratio was measured; 0 if the ratio is exactly 1 because the pin itself was accepted.
    /// </param>
    public RatioRule WithBaselineError(double standardError, int sessions)
    {
        var betweenJobs = BetweenJobSd * BetweenJobSd * (sessions == 0 ? 1 : 1 + (1.0 / sessions));
        return this with { BetweenJobSd = Math.Sqrt(betweenJobs + (standardError * standardError)) };
    }

    /// <summary>Judges an estimate whose bounds do not include the spread between jobs yet; the rule adds it.</summary>
    public Verdict Judge(Estimate estimate)
    {
        var widened = estimate.Widened(BetweenJobSd);
        return widened.Lower > Math.Log(Negligible) && estimate.Value >= Math.Log(Tolerance) ? Verdict.Regressed
            : widened.Upper < Math.Log(Improvement) ? Verdict.Improved
            : widened.Upper < Math.Log(MustDetect) ? Verdict.Unchanged
            : Verdict.Inconclusive;
    }

    /// <summary>Returns true if the estimate of a second session confirms a regression that the first session found.</summary>
    public bool Confirms(Estimate estimate) => estimate.Widened(BetweenJobSd).Lower > Math.Log(Negligible);

    /// <summary>
    /// Makes the sensitivity check: returns true if the rounds of this estimate would be found regressed if all of them were shifted by the
    /// same amount, so that the estimated change is <paramref name="factor"/>. If the check fails, the rounds vary so much that even a
    /// large regression could have passed unseen. Such a shift moves the estimate and its bounds equally, so nothing is estimated again.
    /// </summary>
    public bool WouldDetect(Estimate estimate, double factor)
    {
        var shift = Math.Log(factor) - estimate.Value;
        var shifted = estimate with { Value = Math.Log(factor), Lower = estimate.Lower + shift, Upper = estimate.Upper + shift };
        return Judge(shifted) == Verdict.Regressed;
    }
}
