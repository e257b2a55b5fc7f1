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
    public static string Directory { get; } = PhysicalPath.Of(Path.TrimEndingDirectorySeparator(Metadata("HostDirectory")));

    /// <summary>The root of the repository from which this program was built.</summary>
    public static string RepositoryRoot { get; } = PhysicalPath.Of(Metadata("RepositoryRoot"));

    /// <summary>The version of the .NET SDK that built this program.</summary>
    public static string Sdk { get; } = Metadata("Sdk");

    /// <summary>
    /// The commit from which the last build says it was made; empty if it says nothing. It is read from the program's file each time,
    /// because the file may have been built again since this process started. A setting of the build can make it say anything.
    /// </summary>
    public static string Revision =>
        RevisionOf(FileVersionInfo.GetVersionInfo(Path.Combine(Directory, "Snakepit.Benchmarks.dll")).ProductVersion);

    /// <summary>
    /// Checks that this program belongs to the clone that it was built in. The program of a clone that was copied would measure the
    /// original, and write its results there.
    /// </summary>
    /// <exception cref="NotComparableException">The program lies in another folder.</exception>
    public static void RequireOwnClone()
    {
        var place = PhysicalPath.Of(AppContext.BaseDirectory);
        var artifacts = PhysicalPath.Of(Path.Combine(RepositoryRoot, "artifacts")); // may be a link to another disk
        if (!place.StartsWith($"{RepositoryRoot}/", StringComparison.Ordinal)
            && !place.StartsWith($"{artifacts}/", StringComparison.Ordinal))
        {
            throw new NotComparableException(
                $"this program lies in {place} and was built in {RepositoryRoot}, which it would measure",
                "build it where it is: dotnet build, without -o, and without OutDir or OutputPath in the environment");
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
