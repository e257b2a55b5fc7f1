namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>The source files of the repository. Files that builds and tools write are left out.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Skipped = ["artifacts", ".git", ".venv", "bin", "obj", "__pycache__", "node_modules"];

    /// <summary>The paths of all files, relative to the root of the repository, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. In(Repository.Root).Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> In(string directory) => Directory.EnumerateFiles(directory)
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Concat(Directory.EnumerateDirectories(directory)
            .Where(path => !Skipped.Contains(Path.GetFileName(path)) && new DirectoryInfo(path).LinkTarget is null)
            .SelectMany(In));
}
