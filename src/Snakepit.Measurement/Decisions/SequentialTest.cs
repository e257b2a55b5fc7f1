using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

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
