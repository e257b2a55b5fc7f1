using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Makes sure that both sides of a session are the same code: the working tree, its build and the commit that serves as the pin.
/// </summary>
internal static class IdenticalSides
{
    /// <summary>What both sides are built from and judged by.</summary>
    internal static readonly string[] Sources =
    [
        "src", "priv/python", "protos", "eng", "Directory.Build.props", "Directory.Packages.props", "global.json",
        "baselines/policy.json", "baselines/*.verified.json",
    ];

    /// <summary>The commit that the working tree and its build are the same as.</summary>
    /// <exception cref="NotComparableException">They differ.</exception>
    public static async Task<string> RequireAsync(Workspace workspace)
    {
        var commit = await workspace.Git.HeadAsync();
        return commit.Length > 0 && await workspace.Git.HasSourcesOfAsync(commit, Sources) && CandidateBuild.Revision == commit
            ? commit
            : throw new NotComparableException(
                "a validation needs identical code on both sides, and the working tree differs from its commit, "
                + $"or what was built is {CandidateBuild.Revision} and not {commit}",
                "commit, build and validate again");
    }

    /// <summary>Makes sure that nobody checked out and built another commit during a session.</summary>
    /// <exception cref="NotComparableException">Somebody did.</exception>
    public static async Task RequireStillAsync(Workspace workspace, string commit)
    {
        if (await RequireAsync(workspace) != commit)
        {
            throw new NotComparableException("another revision was checked out and built meanwhile", "validate it anew");
        }
    }
}
