using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Finds out why a metric is worse than the pin's: profiles both sides and compares the profiles.</summary>
/// <param name="workspace">The repository.</param>
/// <param name="builds">Provides the builds of both sides.</param>
/// <param name="sessions">Runs the profiled session.</param>
/// <param name="saving">Keeps the profiles.</param>
/// <param name="options">The options of the run.</param>
/// <param name="python">The Python interpreter of the workers.</param>
internal sealed class Explainer(
    Workspace workspace, BuildPreparation builds, SessionRunner sessions, RunSaving saving, GateOptions options, string python)
{
    /// <summary>How many rounds are enough to name a function that has become slower by a microsecond a call.</summary>
    public const int UsualRounds = 8;

    // A regression is reported half a minute later for being explained.
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(25);

    /// <summary>Profiles a scenario after one of its metrics was found regressed.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="pin">The commit to compare with.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="cancellationToken">Stops the session.</param>
    /// <returns>What was found; if the session has failed, its failure. A verdict holds without an explanation.</returns>
    public async Task<Explanation> ExplainRegressionAsync(
        Scenario scenario, string pin, string metric, CancellationToken cancellationToken)
    {
        try
        {
            return await ExplainAsync(scenario, pin, [metric], UsualRounds, UsualTime, cancellationToken);
        }
        catch (Exception exception) when (exception
            is SessionException or ArmLostException or NotComparableException or IOException or UnauthorizedAccessException)
        {
            return Explanation.Failed(scenario.Name, metric, exception.Message);
        }
    }

    /// <summary>Profiles a scenario on both sides, and compares the profiles.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="pin">The commit to compare with.</param>
    /// <param name="metrics">The metrics to measure meanwhile.</param>
    /// <param name="rounds">How many rounds to profile.</param>
    /// <param name="cancellationToken">Stops the session.</param>
    public Task<Explanation> ExplainAsync(
        Scenario scenario, string pin, IReadOnlyCollection<string> metrics, int rounds, CancellationToken cancellationToken) =>
        ExplainAsync(scenario, pin, metrics, rounds, TimeSpan.MaxValue, cancellationToken);

    /// <summary>Writes the profiles of an explanation into the folder of the run, and tells which of the files were written.</summary>
    public OutputFiles Save(Explanation explanation)
    {
        var files = new OutputFiles();
        saving.Save(explanation, files);
        return files;
    }

    private async Task<Explanation> ExplainAsync(
        Scenario scenario,
        string pin,
        IReadOnlyCollection<string> metrics,
        int rounds,
        TimeSpan time,
        CancellationToken cancellationToken)
    {
        using var both = await builds.CandidateAndPinAsync(pin, cancellationToken);
        both.Inject(options.Fault);
        var explanation = await sessions.ProfiledAsync(scenario, both, metrics, rounds, time, cancellationToken);
        var functions = explanation.Ranking?.Significant.Select(growth => growth.Function) ?? [];
        var places = new SourcePlaces(workspace.Root, workspace.Git);
        return explanation with { Places = await places.FindAsync(functions, builds.CandidateDirectory, pin, python) };
    }
}
