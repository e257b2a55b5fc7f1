using System.Text.Json.Serialization;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// How a ratio becomes a verdict. Ratios are candidate to accepted, signed so that more is worse; on the logarithms, θ is the estimate and L', U' its
/// widened bounds. In this order: regressed if L' &gt; ln <see cref="NoAlarm"/> and θ ≥ ln <see cref="Edge"/>; improved if
/// U' &lt; ln <see cref="Better"/>; unchanged if U' &lt; ln <see cref="Catch"/>; else more rounds are needed.
/// </summary>
/// <param name="NoAlarm">Up to here there is no alarm, however sure one is.</param>
/// <param name="Edge">The tolerance: an estimate below it is no regression.</param>
/// <param name="Catch">What must be caught.</param>
/// <param name="Better">Below it, an improvement is worth telling.</param>
/// <param name="Tau">The standard deviation between jobs, of logarithms.</param>
public sealed record RatioRule(double NoAlarm, double Edge, double Catch, double Better, double Tau)
{
    /// <summary>An estimate from here on that is no regression is shown as drift.</summary>
    [JsonIgnore]
    public double Drift => 1 + ((Edge - 1) * 2 / 3);

    /// <summary>
    /// The same rule for ratios to something that was itself measured: its <paramref name="error"/> within a job, the standard deviation of its
    /// logarithm, and the spread between the jobs, of which there were <paramref name="sessions"/>, join that of the job which is judged. None, if what is
    /// accepted is the pin itself.
    /// </summary>
    public RatioRule Beside(double error, int sessions) =>
        this with { Tau = Math.Sqrt((Tau * Tau * (sessions == 0 ? 1 : 1 + (1.0 / sessions))) + (error * error)) };

    /// <summary>Judges an estimate whose bounds do not contain <see cref="Tau"/> yet; inconclusive means: not yet.</summary>
    public Verdict Judge(Estimate estimate)
    {
        var widened = estimate.Widened(Tau);
        return widened.Lower > Math.Log(NoAlarm) && estimate.Value >= Math.Log(Edge) ? Verdict.Regressed
            : widened.Upper < Math.Log(Better) ? Verdict.Improved
            : widened.Upper < Math.Log(Catch) ? Verdict.Unchanged
            : Verdict.Inconclusive;
    }

    /// <summary>True if a second session agrees that there is a regression.</summary>
    public bool Confirms(Estimate estimate) => estimate.Widened(Tau).Lower > Math.Log(NoAlarm);

    /// <summary>
    /// True if the same rounds, centred and then made worse by <paramref name="factor"/>, would be found regressed: the gate can see. An estimate
    /// moves with its rounds, so that none has to be made anew.
    /// </summary>
    public bool Sees(Estimate estimate, double factor)
    {
        var shift = Math.Log(factor) - estimate.Value;
        return Judge(estimate with { Value = Math.Log(factor), Lower = estimate.Lower + shift, Upper = estimate.Upper + shift }) == Verdict.Regressed;
    }
}
