using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>How scenarios are measured and judged.</summary>
internal sealed record GateOptions
{
    /// <summary>The seed of every random choice. Default: another one each time.</summary>
    public int Seed { get; init; } = NewSeed();

    /// <summary>
    /// How long a run may take for all its scenarios together. When the time is up, undecided metrics stay undecided, but each scenario is
    /// measured at least until the first interim look. Default: 25 minutes, which is enough on a noisy machine.
    /// </summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>
    /// Whether this run confirms a regression with a second session. False leaves it to <c>bench confirm</c>. Default: true.
    /// </summary>
    public bool Confirm { get; init; } = true;

    /// <summary>The exact number of rounds. Default: null, as many as the verdicts need.</summary>
    public int? Rounds { get; init; }

    /// <summary>A commit to compare with instead of the baseline's pin. Default: null.</summary>
    public string? Pin { get; init; }

    /// <summary>Where results are kept. Default: null, where <c>bench latest</c> looks for them.</summary>
    public RunStore? Store { get; init; }

    /// <summary>A fault in the candidate, injected to validate the gate. Default: none.</summary>
    public Fault Fault { get; init; } = Fault.None;

    /// <summary>
    /// Whether the first session of a scenario ends with the interim look that finds a regression, although other metrics are still
    /// undecided. Default: false.
    /// </summary>
    public bool EndsWithRegression { get; init; }

    /// <summary>A seed that differs from run to run.</summary>
    public static int NewSeed() => (int)(TimeProvider.System.GetUtcNow().Ticks & 0x7FFFFFFF);
}
