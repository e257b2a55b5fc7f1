using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>How a session is run.</summary>
/// <param name="Number">1 for the first session of a scenario, 2 for the one that confirms its regressions.</param>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="Swap">True to give each side in every round the directory that the seed draws for the other side.</param>
/// <param name="Most">How many rounds are measured at most.</param>
/// <param name="Wanted">
/// Called before each round with the result of the earlier ones; returns the names of the metrics that the round is for. None ends the
/// session.
/// </param>
internal sealed record SessionPlan(int Number, int Seed, bool Swap, int Most, Func<ScenarioResult, IReadOnlySet<string>> Wanted)
{
    /// <summary>A fault for the candidate; none unless a validation injects one.</summary>
    public Fault Fault { get; init; } = Fault.None;
}
