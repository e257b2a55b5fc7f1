using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// A group-sequential test: rounds arrive one after another, and are judged at a few interim looks until one of them decides.
/// </summary>
public static class SequentialTest
{
    /// <summary>
    /// Judges the rounds of a first session. The first interim look that reaches a verdict decides. Unchanged and improved also require the
    /// sensitivity check to pass; if it fails, more rounds are needed.
    /// </summary>
    /// <param name="logRatios">
    /// ln(candidate / pin) − ln(accepted ratio) of each round in order, with the sign chosen so that larger is worse.
    /// </param>
    /// <param name="rule">The thresholds.</param>
    /// <param name="looks">When to judge.</param>
    public static Judgement Judge(ReadOnlySpan<double> logRatios, RatioRule rule, InterimLooks looks) =>
        UntilDecided(logRatios, rule, looks, isConfirmation: false);

    /// <summary>
    /// Judges a second session, which was measured to confirm a regression. To confirm it, the lower bound must be above what is
    /// negligible; the estimate need not reach the tolerance again. Otherwise the second session is judged like the first one.
    /// </summary>
    public static Judgement Confirm(ReadOnlySpan<double> logRatios, RatioRule rule, InterimLooks looks) =>
        UntilDecided(logRatios, rule, looks, isConfirmation: true);

    private static Judgement UntilDecided(ReadOnlySpan<double> logRatios, RatioRule rule, InterimLooks looks, bool isConfirmation)
    {
        var judgement = Judgement.None;
        foreach (var rounds in looks.Rounds)
        {
            if (judgement.IsFinal || rounds > logRatios.Length)
            {
                break;
            }

            judgement = JudgeAll(Estimate.Of(logRatios[..rounds], looks.LevelPerLook), rule, looks, isConfirmation);
        }

        return judgement;
    }

    private static Judgement JudgeAll(Estimate estimate, RatioRule rule, InterimLooks looks, bool isConfirmation)
    {
        var isSensitive = rule.WouldDetect(estimate, looks.SensitivityFactor);
        var verdict = isConfirmation && rule.Confirms(estimate) ? Verdict.Regressed : rule.Judge(estimate);
        return new Judgement(
            verdict == Verdict.Regressed || isSensitive ? verdict : Verdict.Inconclusive, estimate.Widened(rule.BetweenJobSd), isSensitive);
    }
}
