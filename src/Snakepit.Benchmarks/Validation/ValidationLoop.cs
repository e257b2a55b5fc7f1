namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Does one session after another and saves the record after each, so that an interruption loses only the session under way.
/// </summary>
/// <param name="path">Where the record is saved.</param>
/// <param name="session">Does one session.</param>
/// <param name="progress">Called with a line of text after each session.</param>
/// <param name="time">Measures how long it takes.</param>
internal sealed class ValidationLoop(
    string path,
    Func<ScenarioTrials, Trial, CancellationToken, Task<TrialOutcome>> session,
    Action<string> progress,
    TimeProvider time)
{
    // One session that cannot be measured may be an accident. Two in a row have a cause that further sessions would meet as well.
    private const int MostBroken = 2;

    /// <summary>Goes on until all sessions are done, the time is up, or two sessions in a row could not be measured.</summary>
    /// <param name="record">What was done before.</param>
    /// <param name="scenarios">What is to be done.</param>
    /// <param name="limit">The time after which no further session begins.</param>
    /// <param name="cancellationToken">Stops in the middle of a session, which is lost.</param>
    /// <returns>The record with the new sessions.</returns>
    public async Task<ValidationRecord> RunAsync(
        ValidationRecord record, IReadOnlyCollection<ScenarioTrials> scenarios, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var broken = 0;
        while (broken < MostBroken && time.GetElapsedTime(began) < limit && record.Next(scenarios) is ({ } scenario, { } trial))
        {
            var outcome = await session(scenario, trial, cancellationToken);
            broken = outcome.HasVerdict ? 0 : broken + 1;
            record = record.With(scenario, outcome);
            record.Save(path);
            var details = outcome.Regressed.Take(3).Concat(outcome.Problems).Select(detail => $", {detail}");
            progress($"{scenario.Name}, {trial.Name}: {outcome.Outcome}{string.Concat(details)}, {outcome.Seconds} s");
        }

        return record;
    }
}
