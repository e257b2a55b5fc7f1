using System.Diagnostics;
using System.Reflection;

namespace Snakepit.Benchmarks.Repository;

/// <summary>The build of the working tree that this program belongs to: the candidate of every comparison.</summary>
internal static class CandidateBuild
{
    /// <summary>The folder with the host program.</summary>
    public static string Directory { get; } = Path.TrimEndingDirectorySeparator(Metadata("HostDirectory"));

    /// <summary>The root of the repository that it was built from.</summary>
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    /// <summary><c>Release</c> or <c>Debug</c>.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The version of the .NET SDK that built it.</summary>
    public static string Sdk { get; } = Metadata("Sdk");

    /// <summary>
    /// The commit that was checked out at the last build, read from the program's file now, because the file may have been built again
    /// since this process started. Empty if it is unknown.
    /// </summary>
    public static string Revision =>
        RevisionOf(FileVersionInfo.GetVersionInfo(Path.Combine(Directory, "Snakepit.Benchmarks.dll")).ProductVersion);

    /// <summary>The commit in a version such as <c>1.0.0+COMMIT</c>, which is how the SDK writes it. Empty if there is none.</summary>
    public static string RevisionOf(string? version) => version?.Split('+', 2) is [_, var commit] ? commit : "";

    private static string Metadata(string key) => typeof(CandidateBuild).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
