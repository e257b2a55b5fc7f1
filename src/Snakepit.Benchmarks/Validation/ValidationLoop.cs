namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Runs the sessions of a validation one after another. It saves the record after each session, so that an interruption loses only the
/// session that is running.
/// </summary>
/// <param name="path">The file to which the record is saved.</param>
/// <param name="session">Runs one session.</param>
/// <param name="progress">Called with a line of text after each session.</param>
/// <param name="time">The clock for the time limit.</param>
internal sealed class ValidationLoop(
    string path,
    Func<ScenarioTrials, Trial, CancellationToken, Task<TrialOutcome>> session,
    Action<string> progress,
    TimeProvider time)
{
    // One session that cannot be measured may be an accident. If two sessions in a row cannot be measured, the next ones would fail as
    // well.
    private const int MostBroken = 2;

    /// <summary>Runs sessions until all are done, the time is up, or two sessions in a row could not be measured.</summary>
    /// <param name="record">The sessions that were run before.</param>
    /// <param name="scenarios">The scenarios whose trials are run.</param>
    /// <param name="limit">The duration after which no further session begins.</param>
    /// <param name="cancellationToken">Stops the running session, whose result is lost.</param>
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
            var missed = outcome.Missed.Select(metric => $"{metric} misses its target");
            var details = outcome.Regressed.Take(3).Concat(missed).Concat(outcome.Problems).Select(detail => $", {detail}");
            progress($"{scenario.Name}, {trial.Name}: {outcome.Outcome}{string.Concat(details)}, {outcome.Seconds} s");
        }

        return record;
    }
}
