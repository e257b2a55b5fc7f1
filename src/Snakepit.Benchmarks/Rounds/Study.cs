using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A study compares several ways of doing the same thing, for example calls through the pool and calls to a web service, to show what the
/// pool gains and costs. All ways are measured in the same rounds and with the same build, so a study is a scenario that has no pin.
/// </summary>
internal abstract class Study : Scenario
{
    /// <summary>
    /// The error probability of each one-sided confidence bound. The claims are judged twice at most, so the probability of a false verdict
    /// on a claim is 0.025 at most.
    /// </summary>
    public const double Level = 0.0125;

    /// <summary>The smallest number of rounds from which bounds at <see cref="Level"/> can be computed.</summary>
    public const int FewestRounds = 7;

    /// <summary>
    /// The number of rounds that are measured unless the command line says otherwise. If a comparison is undecided after them, as many
    /// rounds again are measured.
    /// </summary>
    public virtual int Rounds => 12;

    /// <summary>The comparisons that the study makes, in the order of the report.</summary>
    public abstract IReadOnlyList<Claim> Claims { get; }

    /// <summary>Explanations that a reader needs to understand the figures, printed below the table.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    public sealed override Task MeasureAsync(Round round) => round.EachAsync(arm => MeasureAsync(round, arm));

    /// <summary>Judges the claims by the measured values.</summary>
    public ImmutableArray<ClaimVerdict> Judge(ScenarioResult result) => [.. Claims.Select(claim => ClaimVerdict.Of(claim, result, Level))];

    /// <summary>
    /// Returns how many rounds the study needs, given the result of the rounds so far: <see cref="Rounds"/>, or twice as many if these do
    /// not show whether a claimed comparison of two metrics holds.
    /// </summary>
    public int RoundsNeeded(ScenarioResult soFar)
    {
        return soFar.Rounds < Rounds || (soFar.Rounds == Rounds && !IsUndecided()) ? Rounds : 2 * Rounds;

        bool IsUndecided() =>
            Judge(soFar).Any(verdict => verdict.Claim.Other is not null && verdict.Outcome == ClaimOutcome.Undecided);
    }

    /// <summary>Measures each metric once on an arm (a host process of the measured build).</summary>
    protected abstract Task MeasureAsync(Round round, Arm arm);

    /// <summary>Makes the host of an arm start and call workers over <paramref name="transport"/> from then on.</summary>
    protected static Task UseAsync(Round round, Arm arm, WorkerTransport transport) => round.RunAsync(arm, new TransportSlot(transport));

    /// <summary>Returns the name of a transport as it appears in the names of metrics.</summary>
    protected static string KeyOf(WorkerTransport transport) => transport.ToString().ToLowerInvariant();
}
