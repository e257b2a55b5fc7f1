using System.Text.RegularExpressions;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Tells which files of the repository the measured build is made from. A build can tell what it was made from, but not what was added
/// since.
/// </summary>
internal static partial class SourceFiles
{
    private static readonly string[] Folders = ["src", "priv/python/snakepit_worker", "protos", "eng"];

    // An unreadable folder must be an error, because it may hold sources. MSBuild ignores folders whose names begin with a dot.
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = false };
    private static readonly EnumerationOptions AtTheTop = new() { IgnoreInaccessible = false };

    /// <summary>Returns true if the build is made from a file, among others.</summary>
    /// <param name="path">The path of the file, relative to the root of the repository.</param>
    public static bool Include(string path) => Pattern().IsMatch(path);

    /// <summary>Returns the files in a working tree from which a build would be made now, relative to its root.</summary>
    public static IEnumerable<string> In(string root) => Folders.Select(folder => Path.Combine(root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", Everywhere))
        .Concat(Directory.EnumerateFiles(root, "*", AtTheTop))
        .Select(file => Path.GetRelativePath(root, file))
        .Where(Include);

    // The project of the benchmarks has the same patterns in its list of inputs.
    [GeneratedRegex(
        """
        \A(?:
          src/Snakepit(?:\.Measurement|\.Benchmarks)?/(?!bin/|obj/).*\.cs
        | src/Snakepit\.Benchmarks/Host/adapters/[^/]*\.py
        | src/.*\.(?:csproj|user)
        | priv/python/snakepit_worker/.*\.py
        | protos/.*\.proto
        | eng/[^/]*\.targets
        | eng/bundle_package\.py
        | eng/peers/[^/]*\.py
        | [^/]*\.(?:props|targets|rsp)
        | global\.json
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
