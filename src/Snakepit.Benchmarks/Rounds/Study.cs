using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A scenario without a pin: it compares ways of doing the same thing with each other in the same rounds, to show what the pool gains and
/// what it costs.
/// </summary>
internal abstract class Study : Scenario
{
    /// <summary>The one-sided error probability of each bound.</summary>
    public const double Level = 0.025;

    /// <summary>The fewest rounds that give bounds at <see cref="Level"/>.</summary>
    public const int FewestRounds = 6;

    /// <summary>How many rounds are measured unless the command line says otherwise.</summary>
    public virtual int Rounds => 12;

    /// <summary>What is compared, in the order of the report.</summary>
    public abstract IReadOnlyList<Claim> Claims { get; }

    /// <summary>What a reader must know to understand the figures, printed under the table.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    public sealed override Task MeasureAsync(Round round) => round.EachAsync(arm => MeasureAsync(round, arm));

    /// <summary>Judges the claims by what was measured.</summary>
    public ImmutableArray<ClaimVerdict> Judge(ScenarioResult result) => [.. Claims.Select(claim => ClaimVerdict.Of(claim, result, Level))];

    /// <summary>Measures each metric once.</summary>
    protected abstract Task MeasureAsync(Round round, Arm arm);

    /// <summary>Starts and calls workers over that transport from now on.</summary>
    protected static Task UseAsync(Round round, Arm arm, WorkerTransport transport) => round.RunAsync(arm, new TransportSlot(transport));

    /// <summary>A transport as names of metrics have it.</summary>
    protected static string KeyOf(WorkerTransport transport) => transport.ToString().ToLowerInvariant();
}
