using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Comparison;

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

/// <summary>When the rounds are looked at, and how large the risk of an error is in all.</summary>
/// <param name="Rounds">After how many rounds, ascending; no verdict after the last means that there will be none.</param>
/// <param name="Level">The largest probability of an error on one side over all looks; each gets an equal share.</param>
/// <param name="Control">The factor by which the control makes a candidate's own rounds worse.</param>
public sealed record Looks(ImmutableArray<int> Rounds, double Level, double Control)
{
    /// <summary>The share of one look.</summary>
    [JsonIgnore]
    public double LevelOfOne => Level / Rounds.Length;
}

/// <summary>A verdict and what it rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Estimate">Of the logarithm of the ratio, bounds widened by the spread between jobs; null before the first look.</param>
/// <param name="Control">Whether the control was seen in the same rounds.</param>
public sealed record Judgement(Verdict Verdict, Estimate? Estimate, bool Control)
{
    /// <summary>True if more rounds would not change it.</summary>
    public bool IsFinal => Verdict != Verdict.Inconclusive;
}

/// <summary>A verdict from rounds that arrive one after the other.</summary>
public static class SequentialTest
{
    /// <summary>
    /// Looks at the rounds in their order, at each look that they reach; the first verdict stands. A verdict other than regressed also needs the
    /// control to be seen: bounds that are too wide for it ask for more rounds.
    /// </summary>
    /// <param name="differences">ln(candidate / pin) − ln(accepted ratio), signed so that more is worse; one a round.</param>
    /// <param name="rule">How a ratio becomes a verdict.</param>
    /// <param name="looks">When to look.</param>
    public static Judgement Judge(ReadOnlySpan<double> differences, RatioRule rule, Looks looks)
    {
        Judgement last = new(Verdict.Inconclusive, Estimate: null, Control: false);
        foreach (var look in looks.Rounds)
        {
            if (look > differences.Length)
            {
                break;
            }

            last = JudgeOnce(Estimate.Of(differences[..look], looks.LevelOfOne), rule, looks);
            if (last.IsFinal)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>
    /// Judges a second session: regressed if it agrees that there is a regression at any look, unchanged once it rules out what must be caught,
    /// inconclusive otherwise.
    /// </summary>
    public static Judgement Confirm(ReadOnlySpan<double> differences, RatioRule rule, Looks looks)
    {
        Judgement last = new(Verdict.Inconclusive, Estimate: null, Control: false);
        foreach (var look in looks.Rounds)
        {
            if (look > differences.Length)
            {
                break;
            }

            var estimate = Estimate.Of(differences[..look], looks.LevelOfOne);
            last = JudgeOnce(estimate, rule, looks);
            if (rule.Confirms(estimate))
            {
                return last with { Verdict = Verdict.Regressed };
            }

            if (last.IsFinal)
            {
                break;
            }
        }

        return last;
    }

    private static Judgement JudgeOnce(Estimate estimate, RatioRule rule, Looks looks)
    {
        var sees = rule.Sees(estimate, looks.Control);
        var verdict = rule.Judge(estimate);
        return new Judgement(verdict == Verdict.Regressed || sees ? verdict : Verdict.Inconclusive, estimate.Widened(rule.Tau), sees);
    }
}
