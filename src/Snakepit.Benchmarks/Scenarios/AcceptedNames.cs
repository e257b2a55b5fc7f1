using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Checks that the files in <c>baselines</c> name only scenarios and metrics that exist. A misspelt name in the policy would silently lose
/// its rule or its limit, and nothing would be judged by the baseline of a scenario that was renamed.
/// </summary>
internal static class AcceptedNames
{
    /// <summary>Returns the names of scenarios that have a verified baseline but do not exist.</summary>
    public static IReadOnlyList<string> WithoutScenario(Workspace workspace) =>
        WithoutScenario(Directory.EnumerateFiles(workspace.BaselineDirectory, VerifiedFiles(workspace)));

    /// <summary>Checks the names in the policy, and the names of the baselines.</summary>
    /// <exception cref="UnreadableFileException">
    /// A name does not exist, the policy leaves a whole scenario to full runs, or the policy cannot be read.
    /// </exception>
    public static void Require(Workspace workspace)
    {
        if (WithoutScenario(workspace) is [var name, ..])
        {
            throw new UnreadableFileException(
                workspace.BaselineSnapshot(name).VerifiedPath,
                $"there is no scenario '{name}'. If it was removed or renamed, accept that: bench accept {name} --reason \"why\"");
        }

        if (ProblemOf(workspace.LoadPolicy()) is { } problem)
        {
            throw new UnreadableFileException(workspace.PolicyPath, problem);
        }
    }

    /// <summary>
    /// Checks that a pull request removes no scenario that had a baseline when it branched off. Otherwise it could remove what would fail.
    /// </summary>
    /// <exception cref="UnreadableFileException">The pull request removes a scenario.</exception>
    public static async Task RequireNoneRemovedAsync(Workspace workspace)
    {
        if (workspace.PullRequestTo is { } branch
            && await workspace.Git.MergeBaseAsync(branch) is { } mergeBase
            && WithoutScenario(await workspace.Git.FilesAsync(mergeBase, $"baselines/{VerifiedFiles(workspace)}")) is [var removed, ..])
        {
            throw new UnreadableFileException(
                workspace.BaselineSnapshot(removed).VerifiedPath,
                $"'{branch}' has this baseline, and this pull request has no scenario '{removed}'. Restore the scenario. If it is to be "
                + "removed for good, this check fails until the pull request has been merged all the same.");
        }
    }

    private static string? ProblemOf(Policy policy)
    {
        var metrics = AllScenarios.All.SelectMany(scenario => scenario.Keys).ToHashSet();
        if (policy.Metrics.Keys.FirstOrDefault(key => !metrics.Contains(key)) is { } unknown)
        {
            return $"no scenario has the metric '{unknown}'. Remove it or correct it; there are "
                + $"{string.Join(", ", metrics.Order(StringComparer.Ordinal))}.";
        }

        return AllScenarios.All.FirstOrDefault(scenario => scenario.Keys.All(key => policy.For(key).Full)) is { } unmeasured
            ? $"it leaves all metrics of {unmeasured.Name} to full runs. Let every run measure at least one of them."
            : null;
    }

    private static IReadOnlyList<string> WithoutScenario(IEnumerable<string> baselines) =>
    [
        .. baselines.Select(path => Path.GetFileName(path).Split('.')[0])
            .Where(name => !AllScenarios.All.Any(scenario => scenario.Name == name))
            .Order(StringComparer.Ordinal),
    ];

    private static string VerifiedFiles(Workspace workspace) =>
        Path.GetFileName(new Snapshot(workspace.BaselineDirectory, "*").VerifiedPath);
}
