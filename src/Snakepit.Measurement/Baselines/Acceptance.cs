using System.Text;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Measurement.Baselines;

/// <summary>Decides whether a proposed (received) baseline may replace the accepted (verified) one.</summary>
public static class Acceptance
{
    private const int FewestSessions = 2;

    // The Hangul fillers: letters that nobody sees.
    private static readonly int[] Fillers = [0x115F, 0x1160, 0x3164, 0xFFA0];

    /// <summary>
    /// Returns the reason why the proposal is refused; null if it may be accepted. Every ratio that the proposal changes must come from as
    /// many rounds as the last interim look needs, or from two measurement sessions. The bounds of the ratio must also be narrower than the
    /// change that reports show as drift, because the uncertainty of an accepted ratio is added to the uncertainty of every later run.
    /// </summary>
    /// <param name="received">The proposed baseline.</param>
    /// <param name="verified">The accepted baseline; null if nothing has been accepted yet.</param>
    /// <param name="policy">The policy, which holds the thresholds and the interim looks.</param>
    /// <param name="sources">The checksum of the sources that are built now.</param>
    public static string? Refusal(Baseline received, Baseline? verified, Policy policy, string sources)
    {
        if (received.Sources != sources)
        {
            return $"what was measured for {received.Scenario} is not what is built now. Measure this: bench run {received.Scenario}";
        }

        if (verified is not null && received.Basis is { } basis && basis != verified.ToChecksum())
        {
            return $"the baseline of {received.Scenario} has changed since it was measured, and accepting this would undo that. "
                + $"Measure again: bench run {received.Scenario}";
        }

        if (verified is not null && received.Pin != verified.Pin)
        {
            return $"{received.Scenario} was measured against the pin {received.Pin}, but the pin of the baseline is now {verified.Pin}. "
                + "Measure again.";
        }

        var changed = received.Metrics.Where(entry => verified?.Metrics.GetValueOrDefault(entry.Key)?.Ratio != entry.Value.Ratio);
        return changed
            .Select(entry => TooFewRounds(received, entry.Key, entry.Value, policy)
                ?? TooUncertain(entry.Key, entry.Value, policy)
                ?? NotOfARun(entry.Key, entry.Value, verified?.Metrics.GetValueOrDefault(entry.Key), policy))
            .FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>
    /// Returns why no run can have proposed a ratio; null if one can. A run measures at least to the first interim look in each session,
    /// uses no more rounds than bounds can be computed for, and proposes only ratios that have certainly changed.
    /// </summary>
    private static string? NotOfARun(string key, AcceptedRatio ratio, AcceptedRatio? accepted, Policy policy)
    {
        var (fewest, most) = (policy.InterimLooks.Rounds[0] * ratio.Sessions, SignedRankDistribution.MaxCount);
        return ratio.Sessions is < 1 or > FewestSessions || ratio.Rounds < Math.Min(fewest, most) || ratio.Rounds > most
            ? $"{key} cannot come from {ratio.Rounds} rounds of {ratio.Sessions} sessions. Measure again."
            : accepted is not null && ratio.Bounds[0] <= accepted.Ratio && accepted.Ratio <= ratio.Bounds[1]
            ? $"{key} has not certainly changed: its bounds, from {ShortNumber.Format(ratio.Bounds[0])} to "
                + $"{ShortNumber.Format(ratio.Bounds[1])}, contain the accepted ratio {ShortNumber.Format(accepted.Ratio)}. Measure again."
            : null;
    }

    /// <summary>
    /// Returns why the ratios of the old pin to the new one, which every accepted ratio would be multiplied by, are too uncertain for that;
    /// null if they are not.
    /// </summary>
    /// <param name="ratios">The measured ratios, by the name of the metric.</param>
    /// <param name="policy">The policy, which holds the thresholds.</param>
    public static string? RefusalOfPin(IEnumerable<KeyValuePair<string, AcceptedRatio>> ratios, Policy policy) =>
        ratios.Select(entry => TooUncertain(entry.Key, entry.Value, policy)).FirstOrDefault(refusal => refusal is not null);

    /// <summary>
    /// Returns why an accepted baseline cannot be judged by; null if it can. Whoever renames or edits a file instead of using
    /// <c>bench accept</c> is asked for the same as that command asks for: a reason, and ratios that rest on enough rounds.
    /// </summary>
    /// <param name="verified">The accepted baseline.</param>
    /// <param name="policy">The policy, which holds the interim looks.</param>
    public static string? Problem(Baseline verified, Policy policy) => !SaysSomething(verified.Reason)
        ? "it has no reason: write into it why it was accepted."
        : verified.Sources is not null
        ? "it has the checksum of the sources that it was measured on, so nobody has accepted it: use 'bench accept', which compares them."
        : verified.Metrics.Where(entry => !entry.Value.IsOfPin).Select(entry => TooFewRounds(verified, entry.Key, entry.Value, policy))
            .FirstOrDefault(problem => problem is not null);

    /// <summary>
    /// Returns true if a reason has a letter or a digit that can be seen. White space says nothing, and neither do characters without
    /// width.
    /// </summary>
    public static bool SaysSomething(string? reason) =>
        reason is not null && reason.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune) && !Fillers.Contains(rune.Value));

    private static string? TooFewRounds(Baseline received, string key, AcceptedRatio ratio, Policy policy)
    {
        var enough = policy.InterimLooks.Rounds[^1];
        return ratio.Rounds < enough && ratio.Sessions < FewestSessions
            ? $"{key} was measured in only {ratio.Rounds} rounds of {ratio.Sessions} session. "
                + $"Accepting it takes {enough} rounds or {FewestSessions} sessions: bench run {received.Scenario} --rounds {enough}"
            : null;
    }

    private static string? TooUncertain(string key, AcceptedRatio ratio, Policy policy) =>
        policy.RuleFor(key) is { } rule && (ratio.Bounds[1] > ratio.Ratio * rule.Drift || ratio.Bounds[0] < ratio.Ratio / rule.Drift)
            ? $"{key} is inconclusive: its ratio is {ShortNumber.Format(ratio.Ratio)}, with bounds "
                + $"from {ShortNumber.Format(ratio.Bounds[0])} to {ShortNumber.Format(ratio.Bounds[1])}. "
                + "Measure again on a quieter machine."
            : null;
}
