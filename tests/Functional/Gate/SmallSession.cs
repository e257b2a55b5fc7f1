using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>A session of a few rounds in which both sides are the build under test.</summary>
internal static class SmallSession
{
    /// <summary>Measures a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="rounds">How many rounds at most.</param>
    /// <param name="seed">The seed of every random choice.</param>
    /// <param name="pin">The commit that the pin is taken for; by default the one that the build says it is of.</param>
    /// <param name="wanted">Which metrics each round is for; by default all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ScenarioResult> RunAsync(
        Scenario scenario,
        int rounds,
        int seed = 1,
        string? pin = null,
        Func<ScenarioResult, IReadOnlySet<string>>? wanted = null,
        CancellationToken cancellationToken = default)
    {
        var directory = Directory.CreateTempSubdirectory("snakepit-session-").FullName;
        try
        {
            var staging = Staging.Create(Path.Combine(directory, "arms"), CandidateBuild.Directory, CandidateBuild.Directory);
            using var builds = new Builds(staging, pin ?? await RevisionAsync());
            using var log = new RoundLog(Path.Combine(directory, "rounds.ndjson.gz"));
            return await new Session(scenario, builds, await ThisMachine.PythonAsync(), log)
                .RunAsync(new SessionPlan(1, seed, Swap: false, rounds, wanted ?? (_ => scenario.Keys)), _ => { }, cancellationToken);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The commit that this build says it is of, which is the only pin that it can stand for.</summary>
    private static async Task<string> RevisionAsync()
    {
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        return arm.Greeting.Revision;
    }
}
