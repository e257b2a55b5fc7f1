using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Decisions;

/// <summary>
/// A group-sequential test: rounds arrive one after another, and are judged at a few interim looks, until one of the looks reaches a
/// verdict.
/// </summary>
public static class SequentialTest
{
    /// <summary>
    /// Judges the rounds of a first session. The first interim look that reaches a verdict ends the test. The verdicts unchanged and
    /// improved also require that the sensitivity check passes; if it fails, more rounds are needed.
    /// </summary>
    /// <param name="logRatios">
    /// The value ln(candidate / pin) − ln(accepted ratio) of each round, in the order of the rounds, with the sign chosen so that larger is
    /// worse.
    /// </param>
    /// <param name="rule">The thresholds for the change.</param>
    /// <param name="looks">The numbers of rounds after which to judge, and the risk of an error.</param>
    public static Judgement Judge(ReadOnlySpan<double> logRatios, RatioRule rule, InterimLooks looks) =>
        UntilDecided(logRatios, rule, looks, isConfirmation: false);

    /// <summary>
    /// Judges a second session, which was measured to confirm a regression. The regression is confirmed if the lower bound of the change is
    /// above the negligible change; the estimate need not reach the tolerance again. Otherwise the second session is judged like a first
    /// one.
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
