using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A scenario that compares the working tree with no pin but ways of doing the same thing with each other, in the same rounds: what the pool is worth,
/// and what it costs.
/// </summary>
internal abstract class Study : Scenario
{
    /// <summary>Of an error of a bound, on either side.</summary>
    public const double Level = 0.025;

    /// <summary>The fewest rounds that give bounds at <see cref="Level"/>.</summary>
    public const int FewestRounds = 6;

    /// <summary>How many rounds it takes by default.</summary>
    public virtual int Rounds => 12;

    /// <summary>What is compared, in the order of the report.</summary>
    public abstract IReadOnlyList<Claim> Claims { get; }

    /// <summary>What a reader must know to read the figures right; said under the table.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    public sealed override IReadOnlyList<Hint> Hints => [];

    public sealed override Task MeasureAsync(Round round) => round.EachAsync(arm => MeasureAsync(round, arm));

    /// <summary>What became of its claims.</summary>
    public ImmutableArray<ClaimVerdict> Judge(ScenarioResult result) => [.. Claims.Select(claim => ClaimVerdict.Of(claim, result, Level))];

    /// <summary>Measures every metric once.</summary>
    protected abstract Task MeasureAsync(Round round, Arm arm);

    /// <summary>What is started or used from now on is reached over that transport.</summary>
    protected static Task UseAsync(Round round, Arm arm, WorkerTransport transport) =>
        round.RunAsync(arm, new SlotRequest(0, "transport") { Kind = transport.ToString() });

    /// <summary>A transport in the name of a metric.</summary>
    protected static string KeyOf(WorkerTransport transport) => transport.ToString().ToLowerInvariant();
}
