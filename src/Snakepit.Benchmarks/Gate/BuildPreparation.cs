using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Builds what is not built yet, and copies the builds of both sides to where their hosts run.</summary>
/// <param name="workspace">The repository.</param>
/// <param name="python">The interpreter that the build of a pin uses instead of making an environment of its own.</param>
/// <param name="progress">Called with a line of text when a build begins.</param>
internal sealed class BuildPreparation(Workspace workspace, string python, Action<string> progress)
{
    // What a pool is made of: if these are the same on both sides, so are the builds.
    private static readonly string[] PoolSources = ["src/Snakepit", "priv/python", "protos"];

    private readonly PinBuild _pins = new(workspace.Root, workspace.Git);

    /// <summary>The working tree alone, for what is not compared with a pin.</summary>
    public Builds CandidateAlone() => new(Staging.Create(StagingDirectory, CandidateBuild.Directory, pin: null), Pin: null);

    /// <summary>The working tree and a pin.</summary>
    /// <exception cref="NotComparableException">The pin cannot be built, or the working tree was not built as pins are.</exception>
    /// <exception cref="SessionException">Both sides are the same build although their sources differ.</exception>
    public async Task<Builds> CandidateAndPinAsync(string pin, CancellationToken cancellationToken)
    {
        if (CandidateBuild.Configuration != "Release")
        {
            throw new NotComparableException(
                $"the working tree was built as {CandidateBuild.Configuration}, and pins are built as Release", "build without -c");
        }

        var pinBuild = await BuildAsync(pin, cancellationToken);
        var builds = Copy(CandidateBuild.Directory, pin, pinBuild);
        if (builds.Staging.IsOneBuild() && !await workspace.Git.HasSourcesOfAsync(pin, PoolSources))
        {
            builds.Dispose();
            throw new SessionException(
                "gate broken: both sides are the same build, although the working tree's sources differ from the pin's. "
                + $"Build again, or remove {pinBuild}.");
        }

        return builds;
    }

    /// <summary>Two commits, the first as the candidate.</summary>
    /// <exception cref="NotComparableException">One of them cannot be built.</exception>
    public async Task<Builds> TwoCommitsAsync(string candidate, string pin, CancellationToken cancellationToken) =>
        Copy(await BuildAsync(candidate, cancellationToken), pin, await BuildAsync(pin, cancellationToken));

    private string StagingDirectory => Path.Combine(workspace.Artifacts, "arms");

    private Task<string> BuildAsync(string commit, CancellationToken cancellationToken) =>
        _pins.EnsureAsync(commit, python, progress, cancellationToken);

    private Builds Copy(string candidateBuild, string pin, string pinBuild) =>
        new(Staging.Create(StagingDirectory, candidateBuild, pinBuild), pin);
}
