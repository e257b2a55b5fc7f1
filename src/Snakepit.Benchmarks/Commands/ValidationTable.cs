using Snakepit.Benchmarks.Validation;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// Prints the record of a validation as a table in the terminal: the outcomes of each trial, and whether the gate is proven to judge each
/// scenario correctly.
/// </summary>
internal static class ValidationTable
{
    private static readonly string[] Heads =
    [
        "scenario", "trial", "sessions", "passed", "regressed", "target missed", "inconclusive", "not comparable", "broken", "named first",
        "as expected", "minutes",
    ];

    public static void Write(ValidationRecord record, IReadOnlyList<ScenarioTrials> scenarios)
    {
        TerminalTable.Write(AnsiConsole.Console, "", Heads, scenarios.SelectMany(scenario => scenario.Trials.Select(trial => (string[])
        [
            scenario.Name, .. Cells(scenario.Name, trial, [.. record.Of(scenario).Of(trial)]),
        ])));
        foreach (var scenario in scenarios)
        {
            var outcomes = scenario.Trials.SelectMany(record.Of(scenario).Of).ToList();
            var sessions = $"{outcomes.Count(outcome => outcome.HasVerdict)} of {scenario.Trials.Sum(trial => trial.Sessions)} sessions";
            var minutes = ShortNumber.Format(outcomes.Sum(outcome => outcome.Seconds) / 60);
            var state = record.StateOf(scenario).ToString().ToLowerInvariant();
            AnsiConsole.WriteLine($"{scenario.Name}: {state}, {sessions} in {minutes} minutes");
        }
    }

    private static IEnumerable<string> Cells(string scenario, Trial trial, IReadOnlyCollection<TrialOutcome> outcomes)
    {
        var withVerdict = outcomes.Count(outcome => outcome.HasVerdict);
        var namedFirst = outcomes.Select(outcome => outcome.NamedFirst?.Split(' ')[0]).OfType<string>().Distinct();
        return
        [
            trial.Name,
            $"{withVerdict} of {trial.Sessions}",
            Count(outcome => outcome.Outcome == GateOutcome.Passed),
            Count(outcome => outcome.Outcome == GateOutcome.Regressed),
            Count(outcome => !outcome.Missed.IsEmpty),
            Count(outcome => outcome.Outcome == GateOutcome.Inconclusive),
            Count(outcome => outcome.Outcome == GateOutcome.NotComparable),
            Count(outcome => outcome.Outcome == GateOutcome.Broken),
            string.Join(", ", namedFirst),
            outcomes.Count == 0 ? "" : $"{outcomes.Count(outcome => Expectations.IsRight(scenario, trial, outcome))} of {withVerdict}",
            outcomes.Count == 0 ? "" : ShortNumber.Format(outcomes.Average(outcome => outcome.Seconds) / 60),
        ];

        string Count(Func<TrialOutcome, bool> wanted) => outcomes.Count(wanted) is > 0 and var count ? $"{count}" : "";
    }
}
