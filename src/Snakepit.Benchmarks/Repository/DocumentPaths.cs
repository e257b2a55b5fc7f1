namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Finds the source files that the compiler names in debug symbols. It names them by their paths on the machine that built them, or, with
/// CI=true, by paths in which a prefix stands for the root of the git repository.
/// </summary>
internal sealed class DocumentPaths
{
    private const string MappedRoot = "/_/";

    private readonly string _root;
    private readonly string _artifacts;
    private readonly string _mapped;

    /// <param name="root">
    /// The root of the repository from which the program was built. It may be a folder of a larger git repository.
    /// </param>
    public DocumentPaths(string root)
    {
        _root = root.TrimEnd('/') + "/";
        _artifacts = PhysicalPath.Of($"{_root}artifacts") + "/"; // may be a link to another disk
        _mapped = MappedRoot + FolderInGit(root);
    }

    /// <summary>Returns the path of a file from the root on; null if the build has generated the file.</summary>
    public string? RelativeOf(string document)
    {
        var path = document.StartsWith(_root, StringComparison.Ordinal) ? document : PhysicalPath.Of(document);
        var relative = path.StartsWith(_root, StringComparison.Ordinal) ? path[_root.Length..]
            : path.StartsWith(_mapped, StringComparison.Ordinal) ? path[_mapped.Length..]
            : path;

        // The build generates files below artifacts.
        return relative.StartsWith("artifacts/", StringComparison.Ordinal) || path.StartsWith(_artifacts, StringComparison.Ordinal)
            ? null
            : relative;
    }

    /// <summary>
    /// Returns the path of a folder in its git repository, with a slash at its end; empty for the root of the repository.
    /// </summary>
    private static string FolderInGit(string root)
    {
        for (var above = new DirectoryInfo(root); above is not null; above = above.Parent)
        {
            if (Path.Exists(Path.Combine(above.FullName, ".git")))
            {
                var folder = Path.GetRelativePath(above.FullName, root).TrimEnd('/');
                return folder == "." ? "" : $"{folder}/";
            }
        }

        return "";
    }
}
