namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// What was measured. It is read when a build is copied for the measurement, because the working tree may be changed and built again
/// meanwhile.
/// </summary>
/// <param name="Commit">
/// The commit that is checked out; empty if it is unknown. It is read from the repository, and not from the version in the program, which
/// a setting of the build can change to anything.
/// </param>
/// <param name="HasLocalChanges">
/// Whether it was made from other files than those of the commit: files that were changed, that the commit does not have, even if git
/// ignores them, or that it has besides. Also true if git cannot tell.
/// </param>
/// <param name="Sources">One checksum of all files that it was made from.</param>
internal sealed record MeasuredBuild(string Commit, bool HasLocalChanges, string Sources)
{
    /// <summary>Stands for a run in which nothing was measured.</summary>
    public static MeasuredBuild None { get; } = new("", HasLocalChanges: false, "");

    /// <summary>Compares what a build was made from with the commit that is checked out.</summary>
    /// <param name="built">The sources of the build, which the working tree has too.</param>
    /// <param name="git">The repository.</param>
    public static async Task<MeasuredBuild> OfAsync(BuiltSources built, Git git)
    {
        var commit = "";
        try
        {
            commit = await git.HeadAsync() ?? "";
            var differs = commit.Length == 0 || await built.DifferencesFromAsync(git, commit) is [_, ..];
            return new MeasuredBuild(commit, differs, built.Checksum);
        }
        catch (GitException)
        {
            return new MeasuredBuild(commit, HasLocalChanges: true, built.Checksum);
        }
    }
}
