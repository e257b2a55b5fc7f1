using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>How a suite is run.</summary>
internal sealed record GateOptions
{
    /// <summary>The seed of every random choice. Default: another one each time.</summary>
    public int Seed { get; init; } = Workspace.NewSeed();

    /// <summary>
    /// How long scenarios go on while they are undecided, counted for all of them together. Each gets the rounds of the first look all the same.
    /// Default: 25 minutes: noise costs time and not verdicts.
    /// </summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>Whether a regression is confirmed by a second session at once, rather than elsewhere. Default: true.</summary>
    public bool Confirm { get; init; } = true;

    /// <summary>Exactly so many rounds, decided or not. Default: null, as many as the verdicts need.</summary>
    public int? Rounds { get; init; }

    /// <summary>Another pin than the baseline's. Default: null.</summary>
    public string? Pin { get; init; }

    /// <summary>Where the run is kept. Default: null, with all others, of which the newest is what <c>bench latest</c> shows.</summary>
    public RunStore? Store { get; init; }

    /// <summary>A fault of the candidate, injected to validate the gate. Default: none.</summary>
    public Fault Fault { get; init; } = Fault.None;
}

/// <summary>One scenario, measured and judged.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Yardstick">What it was judged by.</param>
/// <param name="Notes">What a reader should know first.</param>
internal sealed record ScenarioRun(Scenario Scenario, ScenarioVerdict Verdict, Yardstick Yardstick, IReadOnlyList<string> Notes);
