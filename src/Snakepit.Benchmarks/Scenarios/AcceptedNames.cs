using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Checks that the files in <c>baselines</c> name only scenarios and metrics that exist. A misspelt name in the policy would silently lose
/// its rule or its limit, and nothing would be judged by the baseline of a scenario that was renamed.
/// </summary>
internal static class AcceptedNames
{
    /// <summary>Returns the names of scenarios that have a verified baseline but do not exist.</summary>
    public static IReadOnlyList<string> WithoutScenario(Workspace workspace)
    {
        var verified = new Snapshot(workspace.BaselineDirectory, "*").VerifiedPath;
        return
        [
            .. Directory.EnumerateFiles(workspace.BaselineDirectory, Path.GetFileName(verified))
                .Select(path => Path.GetFileName(path).Split('.')[0])
                .Where(name => !AllScenarios.All.Any(scenario => scenario.Name == name))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Checks the names in the policy, and the names of the baselines.</summary>
    /// <exception cref="UnreadableFileException">A name does not exist, or the policy cannot be read.</exception>
    public static void Require(Workspace workspace)
    {
        if (WithoutScenario(workspace) is [var name, ..])
        {
            throw new UnreadableFileException(
                workspace.BaselineSnapshot(name).VerifiedPath,
                $"there is no scenario '{name}'. If it was removed or renamed, accept that: bench accept {name} --reason \"why\"");
        }

        var metrics = AllScenarios.All.SelectMany(scenario => scenario.Keys).ToHashSet();
        if (workspace.LoadPolicy().Metrics.Keys.FirstOrDefault(key => !metrics.Contains(key)) is { } unknown)
        {
            throw new UnreadableFileException(
                workspace.PolicyPath,
                $"no scenario has the metric '{unknown}'. Remove it or correct it; there are "
                + $"{string.Join(", ", metrics.Order(StringComparer.Ordinal))}.");
        }
    }
}
