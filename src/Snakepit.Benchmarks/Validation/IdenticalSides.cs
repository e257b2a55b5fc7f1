using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Makes sure that both sides of a measurement session are built from the same code: that the working tree and its build are those of the
/// commit that serves as the pin.
/// </summary>
internal static class IdenticalSides
{
    /// <summary>The files from which both sides are built and by which they are judged, as git's pathspecs.</summary>
    internal static readonly string[] Sources =
    [
        "src", "priv/python", "protos", "eng", "Directory.Build.props", "Directory.Packages.props", "global.json",
        "baselines/policy.json", "baselines/*.verified.json",
    ];

    /// <summary>
    /// Returns the commit that is checked out, after a check that the working tree and its build are the same as that commit.
    /// </summary>
    /// <exception cref="NotComparableException">The working tree or its build differs from the commit.</exception>
    public static async Task<string> RequireAsync(Workspace workspace)
    {
        var commit = await workspace.Git.HeadAsync();
        var built = BuiltSources.Read(CandidateBuild.Directory, workspace.Root);
        return commit is not null && await workspace.Git.HasSourcesOfAsync(commit, Sources) && CandidateBuild.Revision == commit
            && await built.DifferencesFromAsync(workspace.Git, commit) is []
            ? commit
            : throw new NotComparableException(
                "a validation needs identical code on both sides, and the working tree differs from its commit, "
                + $"or what was built is {CandidateBuild.Revision} and not {commit}",
                "commit, build and validate again");
    }

    /// <summary>Checks, after a session, that nobody checked out and built another commit meanwhile.</summary>
    /// <exception cref="NotComparableException">Another commit is checked out or built now.</exception>
    public static async Task RequireStillAsync(Workspace workspace, string commit)
    {
        if (await RequireAsync(workspace) != commit)
        {
            throw new NotComparableException("another revision was checked out and built meanwhile", "validate it anew");
        }
    }
}
