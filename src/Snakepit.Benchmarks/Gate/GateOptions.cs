using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Options of a run: how its scenarios are measured and judged.</summary>
internal sealed record GateOptions
{
    /// <summary>
    /// The seed of every random choice of each scenario. Reports show it, and a run with the same seed makes the same choices. Default: a
    /// new seed for each run.
    /// </summary>
    public int Seed { get; init; } = NewSeed();

    /// <summary>
    /// True for a full run, which measures all metrics. False to leave out those that the policy leaves to full runs. Default: true.
    /// </summary>
    public bool IsFull { get; init; } = true;

    /// <summary>
    /// How long a run may take for all its scenarios together. When the time is up, metrics without a verdict stay inconclusive. But each
    /// scenario is measured at least until its first interim look, which is the first round after which its metrics are judged. A full
    /// run has 75 minutes and any other run 40, which is enough on a noisy machine.
    /// </summary>
    public TimeSpan Budget => TimeSpan.FromMinutes(IsFull ? 75 : 40);

    /// <summary>
    /// If true, this run measures a second session to confirm a regression. If false, <c>bench confirm</c> does so later. Default: true.
    /// </summary>
    public bool Confirm { get; init; } = true;

    /// <summary>
    /// True to profile both sides when a regression is confirmed, so that the report names the functions whose cost has grown. Default:
    /// false.
    /// </summary>
    public bool Explains { get; init; }

    /// <summary>The exact number of rounds to measure. Default: null, for as many as the verdicts need.</summary>
    public int? Rounds { get; init; }

    /// <summary>A commit to compare with, instead of the pin that the baseline names. Default: null, for the baseline's pin.</summary>
    public string? Pin { get; init; }

    /// <summary>
    /// A commit to measure in place of the working tree. <see cref="Pin"/> must be set too, because what is accepted holds for the working
    /// tree. Default: null, for the working tree.
    /// </summary>
    public string? Candidate { get; init; }

    /// <summary>The store that keeps the results. Default: null, for the store in which <c>bench latest</c> looks for results.</summary>
    public RunStore? Store { get; init; }

    /// <summary>A fault in the candidate, injected to validate the gate. Default: none.</summary>
    public Fault Fault { get; init; } = Fault.None;

    /// <summary>
    /// If true, the first session of a scenario ends as soon as an interim look finds a regression, even if other metrics have no verdict
    /// yet. Default: false.
    /// </summary>
    public bool EndsWithRegression { get; init; }

    /// <summary>Returns a seed that differs from run to run.</summary>
    public static int NewSeed() => (int)(TimeProvider.System.GetUtcNow().Ticks & 0x7FFFFFFF);
}
