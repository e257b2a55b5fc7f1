using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Prints, after each round of a measurement session, how many metrics have no verdict yet, and after which round they are judged next.
/// </summary>
/// <param name="criteria">The criteria by which the metrics are judged.</param>
/// <param name="fixedRounds">The number of rounds of the session; null if the session ends when its metrics have verdicts.</param>
/// <param name="progress">Called with a line of text.</param>
internal sealed class SessionProgress(Criteria criteria, int? fixedRounds, Action<string> progress)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public void Report(ScenarioResult soFar)
    {
        var looks = criteria.Policy.InterimLooks.Rounds;
        var next = fixedRounds ?? looks.FirstOrDefault(look => look >= soFar.Rounds, looks[^1]);
        var elapsed = TimeProvider.System.GetElapsedTime(_began);
        var left = soFar.Rounds == 0 ? TimeSpan.Zero : elapsed / soFar.Rounds * (next - soFar.Rounds);
        var judged = soFar.Metrics.Count(metric => criteria.Policy.RuleFor(metric.Key) is not null);
        var undecided = soFar.Rounds < looks[0] ? "" : $", {criteria.UndecidedOf(soFar).Count} of {judged} metrics undecided";
        progress($"{soFar.Scenario}: {soFar.Rounds} rounds{undecided}; {left.TotalSeconds:F0} s to the next look, at {next}");
    }
}
