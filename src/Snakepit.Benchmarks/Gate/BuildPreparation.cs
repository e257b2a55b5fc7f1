using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Provides the two builds that a session compares: the candidate and the pin. It builds the pinned commit if that has not been done yet,
/// and copies both builds to the directories from which the host processes run.
/// </summary>
/// <param name="workspace">The repository.</param>
/// <param name="python">The Python interpreter for the build of a pinned commit, so that the build makes no environment of its own.</param>
/// <param name="progress">Called with a line of text when a build begins.</param>
internal sealed class BuildPreparation(Workspace workspace, string python, Action<string> progress)
{
    // The folders that the pool is built from. If their files are the same on both sides, the two builds may be identical.
    private static readonly string[] PoolSources = ["src/Snakepit", "priv/python", "protos"];

    private readonly PinBuild _pins = new(workspace.Root, workspace.Git);

    /// <summary>What was measured so far; <see cref="MeasuredBuild.None"/> before anything was copied.</summary>
    public MeasuredBuild Measured { get; private set; } = MeasuredBuild.None;

    /// <summary>Copies only the build of the working tree, for measurements that are not compared with a pin.</summary>
    /// <exception cref="NotComparableException">
    /// The working tree was built without optimisation or for another Python, or has changed since it was built.
    /// </exception>
    /// <exception cref="SessionException">The working tree was built again since the last measurement of this run.</exception>
    public Task<Builds> CandidateAloneAsync() =>
        OfTheTreeAsync(new Builds(Staging.Create(StagingDirectory, CandidateBuild.Directory, pin: null), Pin: null));

    /// <summary>Copies the build of the working tree, and builds and copies the pinned commit.</summary>
    /// <exception cref="NotComparableException">
    /// The pin cannot be built, one of the sides was built without optimisation, the working tree was built for another Python, or it has
    /// changed since it was built.
    /// </exception>
    /// <exception cref="SessionException">
    /// Both sides are the same build although their sources differ, or the working tree was built again since the last measurement of this
    /// run.
    /// </exception>
    public async Task<Builds> CandidateAndPinAsync(string pin, CancellationToken cancellationToken)
    {
        var pinBuild = await BuildAsync(pin, cancellationToken);
        var builds = Copy(CandidateBuild.Directory, pin, pinBuild);
        if (builds.Staging.IsOneBuild() && !await workspace.Git.HasSourcesOfAsync(pin, PoolSources))
        {
            builds.Dispose();
            throw new SessionException(
                "gate broken: both sides are the same build, although the working tree's sources differ from the pin's. "
                + $"Build again, or remove {pinBuild}.");
        }

        return await OfTheTreeAsync(builds);
    }

    /// <summary>Builds and copies two commits. The first one takes the place of the candidate.</summary>
    /// <exception cref="NotComparableException">One of the commits cannot be built.</exception>
    public async Task<Builds> TwoCommitsAsync(string candidate, string pin, CancellationToken cancellationToken) =>
        Copy(await BuildAsync(candidate, cancellationToken), pin, await BuildAsync(pin, cancellationToken));

    /// <summary>Records what the copied build of the working tree was made from, and checks that it may be measured.</summary>
    private async Task<Builds> OfTheTreeAsync(Builds builds)
    {
        try
        {
            var copy = builds.Staging.DirectoryOf(Side.Candidate, swapped: false);
            RequireOptimised("the working tree", BuildSettings.Read(copy));
            await CompiledPython.RequireAsync(copy, python);
            var built = BuiltSources.Read(copy, CandidateBuild.RepositoryRoot);
            var changed = built.DifferencesFromTree(CandidateBuild.RepositoryRoot);
            if (Measured == MeasuredBuild.None)
            {
                built.RequireTree(CandidateBuild.RepositoryRoot);
                Measured = await MeasuredBuild.OfAsync(built, workspace.Git);
            }
            else if (built.Checksum != Measured.Sources)
            {
                throw new SessionException(
                    "the working tree was built again while this run measured it, so that one report would mix two builds. Measure again.");
            }

            string[] note = changed is [var first, ..]
                ? [$"Since the build that was measured, {changed.Count} files have changed, such as {first}."]
                : [];
            return builds with { Notes = [.. builds.Notes, .. note] };
        }
        catch
        {
            builds.Dispose();
            throw;
        }
    }

    private string StagingDirectory => Path.Combine(workspace.Artifacts, "arms");

    private Task<string> BuildAsync(string commit, CancellationToken cancellationToken) =>
        _pins.EnsureAsync(commit, python, progress, cancellationToken);

    private Builds Copy(string candidateBuild, string pin, string pinBuild)
    {
        var (candidateSettings, pinSettings) = (BuildSettings.Read(candidateBuild), BuildSettings.Read(pinBuild));
        RequireOptimised($"the pin {pin}", pinSettings);
        return new Builds(Staging.Create(StagingDirectory, candidateBuild, pinBuild), pin)
        {
            Notes = [.. candidateSettings.DifferencesFrom(pinSettings).Select(one => $"The sides were built differently: {one}.")],
        };
    }

    private static void RequireOptimised(string side, BuildSettings settings)
    {
        if (string.Join(", ", settings.Unoptimised) is { Length: > 0 } unoptimised)
        {
            throw new NotComparableException(
                $"{side} was built without optimisation: {unoptimised}",
                "build without -c, and look for a setting of 'Optimize' in environment variables and in files that git ignores, "
                + "such as a .csproj.user file");
        }
    }
}
