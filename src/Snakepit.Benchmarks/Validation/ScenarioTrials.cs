using System.Collections.Immutable;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Validation;

/// <summary>A scenario with the trials that validate how it is judged.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Trials">The trials, in the order in which they are done.</param>
internal sealed record ScenarioTrials(Scenario Scenario, ImmutableArray<Trial> Trials)
{
    private static readonly ImmutableArray<Trial> IdenticalCode =
    [
        new("identical code", 7),
        new("identical code, a core half busy", 3) { IsLoaded = true },
    ];

    /// <summary>Every scenario is tried with identical code first, and then with faults of its own.</summary>
    public static ScenarioTrials Of(Scenario scenario, params IEnumerable<Trial> faults) => new(scenario, [.. IdenticalCode, .. faults]);

    /// <summary>The name of the scenario.</summary>
    public string Name => Scenario.Name;
}
