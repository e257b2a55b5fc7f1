namespace Snakepit.Benchmarks.Validation;

/// <summary>What the sessions that were done say.</summary>
internal enum ValidationState
{
    /// <summary>All sessions were done, none came out wrong, and at most one on identical code could not tell.</summary>
    Proven,

    /// <summary>Sessions are left to do, or more than one could not tell.</summary>
    Open,

    /// <summary>A session came out wrong.</summary>
    Disproven,
}

/// <summary>Decides how far a validation is.</summary>
internal static class ValidationProgress
{
    private const int MostUndecided = 1;

    /// <summary>The next session to do; null if all are done. A session that could not be measured is repeated.</summary>
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

    /// <summary>What the sessions of those scenarios say together.</summary>
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
