using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Runs a measurement session of a few rounds, in which both sides are the build under test.</summary>
internal static class SmallSession
{
    /// <summary>Measures a scenario and returns the result.</summary>
    /// <param name="scenario">The scenario to measure.</param>
    /// <param name="rounds">The largest number of rounds.</param>
    /// <param name="seed">The seed of every random choice in the session.</param>
    /// <param name="pin">The pinned commit according to the session; by default the commit that the build says it was made from.</param>
    /// <param name="wanted">Returns the names of the metrics that the next round must measure; by default all metrics.</param>
    /// <param name="rawData">Where the raw data go, if they may be lost; by default to a folder where they may not.</param>
    /// <param name="cancellationToken">Cancels the session.</param>
    public static Task<ScenarioResult> RunAsync(
        Scenario scenario,
        int rounds,
        int seed = 1,
        string? pin = null,
        Func<ScenarioResult, IReadOnlySet<string>>? wanted = null,
        string? rawData = null,
        CancellationToken cancellationToken = default) => WithBuildsAsync(
            (builds, python, log) => new Session(scenario, builds, python, log).RunAsync(
                new SessionPlan(1, seed, Swap: false, rounds, wanted ?? (_ => scenario.Keys)), _ => { }, cancellationToken),
            pin,
            rawData);

    /// <summary>Calls a function with the builds of both sides, a Python interpreter and the file for raw data.</summary>
    /// <param name="measure">The function.</param>
    /// <param name="pin">The pinned commit according to the session; by default the commit that the build says it was made from.</param>
    /// <param name="rawData">Where the raw data go, if they may be lost; by default to a folder where they may not.</param>
    public static async Task<ScenarioResult> WithBuildsAsync(
        Func<Builds, string, RoundLog, Task<ScenarioResult>> measure, string? pin = null, string? rawData = null)
    {
        var directory = Directory.CreateTempSubdirectory("snakepit-session-").FullName;
        try
        {
            var staging = Staging.Create(Path.Combine(directory, "arms"), CandidateBuild.Directory, CandidateBuild.Directory);
            using var builds = new Builds(staging, pin ?? await RevisionAsync());
            using var log = rawData is null
                ? new RoundLog(Path.Combine(directory, "rounds.ndjson.gz"), Assert.Fail)
                : new RoundLog(rawData, _ => { });
            return await measure(builds, await ThisMachine.PythonAsync(), log);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// Returns the commit that this build says it was made from. A session rejects any other pin, because both sides are this build.
    /// </summary>
    private static async Task<string> RevisionAsync()
    {
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        return arm.Greeting.Revision;
    }
}
