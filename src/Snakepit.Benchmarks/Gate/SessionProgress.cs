using System.Collections.Immutable;
using System.Globalization;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Prints, after each round of a measurement session, which metrics have no verdict yet, and how long it takes until they are judged again.
/// </summary>
/// <param name="criteria">The criteria by which the metrics are judged.</param>
/// <param name="fixedRounds">The number of rounds of the session; null if the session ends when its metrics have verdicts.</param>
/// <param name="most">The largest number of rounds of the session.</param>
/// <param name="progress">Called with a line of text.</param>
/// <param name="clock">The clock.</param>
internal sealed class SessionProgress(Criteria criteria, int? fixedRounds, int most, Action<string> progress, TimeProvider clock)
{
    private (int Rounds, long Time) _look = (0, clock.GetTimestamp());

    public void Report(ScenarioResult soFar)
    {
        var looks = criteria.Policy.InterimLooks.Rounds;
        var judges = fixedRounds is null && soFar.Rounds >= looks[0];
        var undecided = judges ? criteria.UndecidedOf(soFar) : ImmutableHashSet<string>.Empty;
        var text = judges ? $", {Described(undecided, soFar)}" : "";
        if (soFar.Rounds < most && (!judges || undecided.Count > 0))
        {
            var next = fixedRounds ?? looks.First(look => look > soFar.Rounds || look == looks[^1]);
            text += next < most ? $"; {SecondsTo(next)} s to the next look, at {next}; at most" : ";";
            text += $" {SecondsTo(most)} s to the last, at {most}";
        }

        progress($"{soFar.Scenario}: {soFar.Rounds} rounds{text}");
        if (looks.Contains(soFar.Rounds))
        {
            _look = (soFar.Rounds, clock.GetTimestamp());
        }

        // The rounds since the last look tell how long the next ones will take. Those before it have measured more metrics.
        string SecondsTo(int rounds)
        {
            var each = clock.GetElapsedTime(_look.Time) / Math.Max(1, soFar.Rounds - _look.Rounds); // 0 if rounds were dropped
            return (each * (rounds - soFar.Rounds)).TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        }
    }

    private string Described(IReadOnlySet<string> undecided, ScenarioResult soFar)
    {
        var judged = soFar.Metrics.Count(metric => criteria.Policy.RuleFor(metric.Key) is not null);
        var names = undecided.Count > 0 ? $" ({string.Join(", ", undecided.Order(StringComparer.Ordinal))})" : "";
        return $"{undecided.Count} of {judged} metrics undecided{names}";
    }
}
