using System.Collections.Immutable;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Validation;

/// <summary>A scenario with its trials, which check that the gate judges this scenario correctly.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Trials">The trials, in the order in which they are run.</param>
internal sealed record ScenarioTrials(Scenario Scenario, ImmutableArray<Trial> Trials)
{
    private static readonly ImmutableArray<Trial> IdenticalCode =
    [
        new("identical code", 7),
        new("identical code, a core half busy", 3) { IsLoaded = true },
    ];

    /// <summary>
    /// Returns the trials of a scenario: those with identical code, which are the same for every scenario, and then those with faults.
    /// </summary>
    public static ScenarioTrials Of(Scenario scenario, params IEnumerable<Trial> faults) => new(scenario, [.. IdenticalCode, .. faults]);

    /// <summary>The name of the scenario.</summary>
    public string Name => Scenario.Name;
}
