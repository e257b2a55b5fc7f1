namespace Snakepit.Benchmarks.Validation;

/// <summary>What the sessions of a validation have shown so far: whether the gate judges correctly.</summary>
internal enum ValidationState
{
    /// <summary>
    /// All sessions have been run, none had a wrong outcome, and at most one session with identical code was inconclusive.
    /// </summary>
    Proven,

    /// <summary>Some sessions have not been run yet, or more than one session with identical code was inconclusive.</summary>
    Open,

    /// <summary>At least one session had a wrong outcome.</summary>
    Disproven,
}

/// <summary>Decides which session of a validation is next, and what the sessions have shown so far.</summary>
internal static class ValidationProgress
{
    private const int MostUndecided = 1;

    /// <summary>Returns the next session to run; null if all have been run. A session that could not be measured is repeated.</summary>
    public static (ScenarioTrials Scenario, Trial Trial)? Next(this ValidationRecord record, IEnumerable<ScenarioTrials> scenarios)
    {
        foreach (var scenario in scenarios)
        {
            foreach (var trial in scenario.Trials)
            {
                if (record.Of(scenario).Of(trial).Count(outcome => outcome.HasVerdict) < trial.Sessions)
                {
                    return (scenario, trial);
                }
            }
        }

        return null;
    }

    /// <summary>Returns what the sessions of all given scenarios together have shown.</summary>
    public static ValidationState StateOf(this ValidationRecord record, params IReadOnlyCollection<ScenarioTrials> scenarios)
    {
        var sessions = (
            from scenario in scenarios
            from trial in scenario.Trials
            from outcome in record.Of(scenario).Of(trial)
            select (scenario.Name, Trial: trial, Outcome: outcome)).ToList();
        return sessions.Exists(session => Expectations.IsWrong(session.Name, session.Trial, session.Outcome)) ? ValidationState.Disproven
            : record.Next(scenarios) is not null ? ValidationState.Open
            : sessions.Count(session => Expectations.IsUndecided(session.Trial, session.Outcome)) > MostUndecided ? ValidationState.Open
            : ValidationState.Proven;
    }
}
