using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// Runs a measurement session, which measures one scenario on both sides, one round after another. It has nothing to do with the sessions
/// that callers open on a pool.
/// </summary>
/// <param name="scenario">The scenario to measure.</param>
/// <param name="builds">The builds of both sides.</param>
/// <param name="python">The Python interpreter for the workers of both sides.</param>
/// <param name="log">Receives the raw data.</param>
internal sealed class Session(Scenario scenario, Builds builds, string python, RoundLog log)
{
    // A machine that was disturbed in more rounds than this is likely to be disturbed in later rounds as well, so the session ends.
    private const int MostDropped = 5;

    /// <summary>Runs rounds until the plan needs no more.</summary>
    /// <param name="plan">Says how the session is run.</param>
    /// <param name="progress">Receives the result so far after every round.</param>
    /// <param name="cancellationToken">Cancels the session. Its hosts are ended and its rounds are lost.</param>
    /// <exception cref="ArmLostException">
    /// A host has ended, does not respond, or reports that a slot failed. The session is not repeated, because the code under test may be
    /// the cause.
    /// </exception>
    /// <exception cref="ModuleMissingException">Python lacks a module that the scenario needs.</exception>
    /// <exception cref="SessionException">
    /// Too many rounds were disturbed from outside, or a host was started from the wrong build.
    /// </exception>
    public async Task<ScenarioResult> RunAsync(SessionPlan plan, Action<ScenarioResult> progress, CancellationToken cancellationToken)
    {
        await RequireModulesAsync(cancellationToken);
        var random = new Random(plan.Seed);
        var rounds = new SessionRounds(scenario, builds.Pin, plan.Seed);
        var result = rounds.ToResult();
        for (var number = 1; rounds.Count < plan.Most && plan.Wanted(result) is { Count: > 0 } wanted; number++)
        {
            var before = Disturbance.Now();
            var round = await MeasureAsync(plan, random, number, wanted, cancellationToken);
            if (Disturbance.Now().Since(before) is { } disturbance)
            {
                rounds.Drop(number, disturbance);
                if (rounds.Dropped.Count > MostDropped)
                {
                    throw new SessionException(
                        $"{scenario.Name}: {rounds.Dropped.Count} rounds were dropped; {rounds.Dropped[^1]}. "
                        + "Measure on a quieter machine.");
                }
            }
            else
            {
                rounds.Add(round);
            }

            result = rounds.ToResult();
            progress(result);
        }

        return result;
    }

    private async Task<Round> MeasureAsync(
        SessionPlan plan, Random random, int number, IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        var swapped = (random.Next(2) == 1) ^ plan.Swap;
        Side[] sides = builds.Pin is null ? [Side.Candidate] : [Side.Candidate, Side.Pin];
        random.Shuffle(sides);

        // Both hosts are started at the same time, because the duration of their start is not measured.
        Task<Arm>[] starting = [.. sides.Select(side => StartAsync(side, scenario.IsSettled))];
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
            var arm = await Arm.StartAsync(side, directory, python, settled, cancellationToken, plan.Observer(side, number));
            try
            {
                RequireBuild(arm, directory);
                if (side == Side.Candidate && plan.Fault != Fault.None)
                {
                    await arm.RunAsync(plan.Fault, cancellationToken);
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

    /// <summary>Checks that Python has the modules that the scenario needs.</summary>
    private async Task RequireModulesAsync(CancellationToken cancellationToken)
    {
        if (scenario.Modules.Count > 0)
        {
            var import = await Subprocess.RunAsync(python, ["-c", $"import {string.Join(", ", scenario.Modules)}"], cancellationToken);
            if (import.ExitCode != 0)
            {
                throw new ModuleMissingException(scenario, python, import.Errors.Split('\n')[^1]);
            }
        }
    }

    /// <summary>Checks that a host runs from the build that was copied for its side.</summary>
    private void RequireBuild(Arm arm, string directory)
    {
        var greeting = arm.Greeting;
        if (PhysicalPath.Of(Path.TrimEndingDirectorySeparator(greeting.Directory)) != PhysicalPath.Of(directory))
        {
            throw new SessionException($"the host of the {arm.Side.ToWord()} runs in {greeting.Directory} instead of {directory}");
        }

        if (arm.Side == Side.Pin && greeting.Revision != builds.Pin)
        {
            throw new SessionException(
                $"the host of the pin was built from '{greeting.Revision}' instead of {builds.Pin}: "
                + "the sides are mixed up, or artifacts/pins was changed");
        }
    }
}
