using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>Says how a measurement session is run.</summary>
/// <param name="Number">
/// The number of the session: 1 for the first session of a scenario, 2 for the session that confirms its regressions.
/// </param>
/// <param name="Seed">The seed of every random choice in the session.</param>
/// <param name="Swap">
/// Each round draws at random from which of two directories each side runs. True to reverse what is drawn, false to keep it.
/// </param>
/// <param name="Most">The largest number of rounds.</param>
/// <param name="Wanted">
/// Returns the names of the metrics that the next round must measure, given the result of the earlier rounds. It is called before each
/// round. An empty set ends the session.
/// </param>
internal sealed record SessionPlan(int Number, int Seed, bool Swap, int Most, Func<ScenarioResult, IReadOnlySet<string>> Wanted)
{
    /// <summary>The fault that is injected into the candidate. There is none unless a validation injects one.</summary>
    public Fault Fault { get; init; } = Fault.None;

    /// <summary>Returns an observer of a host that is about to be started, given its side and the number of the round.</summary>
    public Func<Side, int, IArmObserver?> Observer { get; init; } = (_, _) => null;
}
