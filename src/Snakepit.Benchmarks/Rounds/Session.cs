using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>How a session is run.</summary>
/// <param name="Number">1 for the first session of a scenario, 2 for the one that confirms.</param>
/// <param name="Seed">Where every random choice comes from.</param>
/// <param name="Swap">True to swap the directories of every round against what the seed draws.</param>
/// <param name="Most">How many rounds at most.</param>
/// <param name="Wanted">Asked before each round, told of those done: the metrics that it is for, and none if those are enough.</param>
internal sealed record SessionPlan(int Number, int Seed, bool Swap, int Most, Func<ScenarioResult, IReadOnlySet<string>> Wanted)
{
    /// <summary>A fault for the candidate; none unless a validation injects one.</summary>
    public Fault Fault { get; init; } = Fault.None;
}

/// <summary>Measures one scenario round by round on both sides.</summary>
/// <param name="scenario">What to measure.</param>
/// <param name="builds">Both builds.</param>
/// <param name="python">The interpreter for the workers of both sides.</param>
/// <param name="log">Where raw data go.</param>
internal sealed class Session(Scenario scenario, Builds builds, string python, RoundLog log)
{
    // What disturbs a machine again and again does not go away.
    private const int MostDropped = 5;

    /// <summary>Runs rounds until they are enough.</summary>
    /// <param name="plan">How.</param>
    /// <param name="progress">Told of every round done.</param>
    /// <param name="cancellationToken">Ends the session; its hosts are ended, its rounds are lost.</param>
    /// <exception cref="ArmLostException">A host has ended, hangs, or says that a slot failed: no accident of measuring, whichever side it is.</exception>
    /// <exception cref="SessionException">Rounds were spoilt too often from outside, or the sides are not what they should be.</exception>
    public async Task<ScenarioResult> RunAsync(SessionPlan plan, Action<ScenarioResult> progress, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var (rounds, warnings) = (new List<Round>(), new List<string>());
        var result = Collect(plan, rounds, warnings);
        for (var number = 1; rounds.Count < plan.Most && plan.Wanted(result) is { Count: > 0 } wanted; number++)
        {
            var before = Disturbance.Now();
            var round = await MeasureAsync(plan, random, number, wanted, cancellationToken);
            if (Disturbance.Now().Since(before) is { } spoilt)
            {
                warnings.Add($"round {number} was dropped on both sides: {spoilt}");
                if (warnings.Count > MostDropped)
                {
                    throw new SessionException($"{scenario.Name}: {warnings.Count} rounds were dropped; {warnings[^1]}. Measure on a quieter machine.");
                }
            }
            else
            {
                rounds.Add(round);
            }

            result = Collect(plan, rounds, warnings);
            progress(result);
        }

        return result;
    }

    private async Task<Round> MeasureAsync(SessionPlan plan, Random random, int number, IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        var swapped = (random.Next(2) == 1) ^ plan.Swap;
        Side[] sides = builds.Pin is null ? [Side.Candidate] : [Side.Candidate, Side.Pin];
        random.Shuffle(sides);
        Task<Arm>[] starting = [.. sides.Select(side => StartAsync(side, scenario.IsSettled))]; // what takes part is measured later, and in turns
        try
        {
            var round = new Round(
                number, await Task.WhenAll(starting), random, wanted, side => StartAsync(side, settled: false),
                slot => log.Add(scenario.Name, plan.Number, number, slot), cancellationToken);
            await scenario.MeasureAsync(round);
            return round;
        }
        finally
        {
            await Task.WhenAll(starting.Where(start => start.IsCompletedSuccessfully).Select(start => EndAsync(start.Result)));
        }

        async Task EndAsync(Arm arm)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                arm.Kill();
            }

            await arm.DisposeAsync();
        }

        async Task<Arm> StartAsync(Side side, bool settled)
        {
            var directory = builds.Staging.DirectoryOf(side, swapped);
            var arm = await Arm.StartAsync(side, directory, python, settled, cancellationToken);
            try
            {
                Require(arm, directory);
                if (side == Side.Candidate && plan.Fault.Kind != FaultKind.None)
                {
                    await arm.RunAsync(plan.Fault.ToRequest(), cancellationToken);
                }

                return arm;
            }
            catch
            {
                await arm.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Each side must be the build that it is taken for.</summary>
    private void Require(Arm arm, string directory)
    {
        var greeting = arm.Greeting;
        if (Path.TrimEndingDirectorySeparator(greeting.Directory) != directory)
        {
            throw new SessionException($"the host of the {arm.Side} runs in {greeting.Directory} instead of {directory}");
        }

        if (arm.Side == Side.Pin && greeting.Revision != builds.Pin)
        {
            throw new SessionException($"the host of the pin was built from '{greeting.Revision}' instead of {builds.Pin}: the sides are mixed up, or artifacts/pins was changed");
        }
    }

    private ScenarioResult Collect(SessionPlan plan, List<Round> rounds, List<string> warnings) => new(
        scenario.Name,
        [.. scenario.Metrics.Select(metric => new MetricResult(
            metric.Key, metric.Unit, metric.Worse, metric.Description, Values(rounds, Side.Candidate, metric.Key), builds.Pin is null ? [] : Values(rounds, Side.Pin, metric.Key)))],
        plan.Seed,
        builds.Pin,
        [.. warnings]);

    /// <summary>What each round recorded; a metric that one of them lacks is shorter: it is decided, or the verdict notices.</summary>
    private static System.Collections.Immutable.ImmutableArray<double> Values(List<Round> rounds, Side side, string key) =>
        [.. rounds.Where(round => round.Of(side).ContainsKey(key)).Select(round => round.Of(side)[key])];
}

/// <summary>What is measured cannot be trusted.</summary>
internal sealed class SessionException(string message) : Exception(message);
