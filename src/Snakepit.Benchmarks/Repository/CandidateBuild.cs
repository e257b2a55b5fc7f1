using System.Diagnostics;
using System.Reflection;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// The build of the working tree to which this program belongs. It is the candidate of every comparison, except when <c>bench pin</c>
/// compares two commits.
/// </summary>
internal static class CandidateBuild
{
    /// <summary>The folder that holds the benchmark host program.</summary>
    public static string Directory { get; } = Path.TrimEndingDirectorySeparator(Metadata("HostDirectory"));

    /// <summary>The root of the repository from which this program was built.</summary>
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    /// <summary>The version of the .NET SDK that built this program.</summary>
    public static string Sdk { get; } = Metadata("Sdk");

    /// <summary>
    /// The commit that was checked out at the last build; empty if it is unknown. It is read from the program's file each time, because the
    /// file may have been built again since this process started.
    /// </summary>
    public static string Revision =>
        RevisionOf(FileVersionInfo.GetVersionInfo(Path.Combine(Directory, "Snakepit.Benchmarks.dll")).ProductVersion);

    /// <summary>
    /// Returns true if the program was built from other files than those of its commit: files that were changed, or that the commit does
    /// not have, even if git ignores them. Also returns true if git cannot tell.
    /// </summary>
    public static async Task<bool> HasLocalChangesAsync(Git git)
    {
        try
        {
            var built = BuiltSources.Read(Directory, RepositoryRoot);
            return Revision.Length > 0 && await built.DifferencesFromAsync(git, Revision) is [_, ..];
        }
        catch (GitException)
        {
            return true;
        }
    }

    /// <summary>
    /// Returns the commit in a version of the form <c>1.0.0+COMMIT</c>, which the SDK writes; empty if there is no commit.
    /// </summary>
    public static string RevisionOf(string? version) => version?.Split('+', 2) is [_, var commit] ? commit : "";

    private static string Metadata(string key) => typeof(CandidateBuild).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
