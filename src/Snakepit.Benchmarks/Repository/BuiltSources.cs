using System.Formats.Tar;
using System.Reflection.Metadata;
using System.Security.Cryptography;
using System.Text;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// The source files that a build was made from: those whose checksums the compiler has written into the debug symbols, the Python files
/// that were copied beside the program, and projects, protocols and the like, whose checksums the build has written into a file. The
/// working tree may have changed since the build, and files that git ignores may have been compiled, so only these checksums tell what was
/// measured.
/// </summary>
internal sealed class BuiltSources
{
    private const string PythonSource = "priv/python/snakepit_worker";

    // The project of the benchmarks writes this file. It has what else decides what is built: the protocol, the settings of the projects,
    // and the versions of the packages and the SDK.
    private const string OtherInputs = "other-inputs.sha256";

    // With CI=true, the compiler writes this prefix instead of the root of the git repository, which may have this one as a folder.
    private const string MappedRoot = "/_/";

    private readonly Dictionary<string, string> _checksums = [];

    /// <summary>Reads what a build was made from.</summary>
    /// <param name="directory">The folder with the program.</param>
    /// <param name="root">The root of the repository from which the program was built.</param>
    public static BuiltSources Read(string directory, string root)
    {
        var sources = new BuiltSources();
        foreach (var symbols in Directory.EnumerateFiles(directory, "Snakepit*.pdb"))
        {
            sources.AddCompiled(symbols, root.TrimEnd('/') + "/");
        }

        foreach (var line in File.ReadLines(Path.Combine(directory, OtherInputs)).Select(line => line.Split(' ', 2)))
        {
            sources._checksums[line[1]] = line[0].ToUpperInvariant();
        }

        var package = Path.Combine(directory, "python", "snakepit_worker");
        foreach (var file in Directory.EnumerateFiles(package, "*.py", SearchOption.AllDirectories))
        {
            sources._checksums[$"{PythonSource}/{Path.GetRelativePath(package, file)}"] = ChecksumOf(file);
        }

        return sources;
    }

    /// <summary>One checksum of all sources. Two builds with the same checksum were made from the same files.</summary>
    public string Checksum
    {
        get
        {
            var lines = _checksums.OrderBy(built => built.Key, StringComparer.Ordinal).Select(built => $"{built.Value} {built.Key}\n");
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
        }
    }

    /// <summary>
    /// Returns the sources that the working tree has with other content now, does not have any more, or has besides, sorted by name.
    /// </summary>
    /// <param name="root">The root of the repository.</param>
    public IReadOnlyList<string> DifferencesFromTree(string root) =>
    [
        .. _checksums.Where(built => Path.Combine(root, built.Key) is var file && (!File.Exists(file) || ChecksumOf(file) != built.Value))
            .Select(built => built.Key)
            .Concat(SourceFiles.In(root).Where(file => !_checksums.ContainsKey(file)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Checks that the working tree has what was built.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <exception cref="NotComparableException">A file has changed since the build.</exception>
    public void RequireTree(string root)
    {
        if (DifferencesFromTree(root) is [var first, ..] changed)
        {
            throw new NotComparableException(
                $"the working tree is not what was built: {changed.Count} files have changed or were added since, such as {first}",
                "build it: dotnet build. A file that is older than its build is not built: touch it first");
        }
    }

    /// <summary>
    /// Returns the sources that a commit has with other content, does not have, or has besides, sorted by name.
    /// </summary>
    /// <exception cref="GitException">Git cannot read the commit.</exception>
    public async Task<IReadOnlyList<string>> DifferencesFromAsync(Git git, string commit)
    {
        var committed = await ChecksumsOfAsync(git, commit);
        var differing = _checksums.Where(built => committed.GetValueOrDefault(built.Key) != built.Value).Select(built => built.Key);
        var besides = committed.Keys.Where(file => SourceFiles.Include(file) && !_checksums.ContainsKey(file));
        return [.. differing.Concat(besides).Order(StringComparer.Ordinal)];
    }

    private static async Task<Dictionary<string, string>> ChecksumsOfAsync(Git git, string commit)
    {
        var archive = Path.GetTempFileName();
        try
        {
            await git.ArchiveAsync(commit, archive, CancellationToken.None);
            using var stream = File.OpenRead(archive);
            using var files = new TarReader(stream);
            var checksums = new Dictionary<string, string>();
            while (await files.GetNextEntryAsync() is { } file)
            {
                if (file.DataStream is { } content)
                {
                    checksums[file.Name] = ChecksumOf(content);
                }
            }

            return checksums;
        }
        finally
        {
            File.Delete(archive);
        }
    }

    private static string ChecksumOf(string file)
    {
        using var content = File.OpenRead(file);
        return ChecksumOf(content);
    }

    private static string ChecksumOf(Stream content) => Convert.ToHexString(SHA256.HashData(content));

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

    private void AddCompiled(string symbols, string root)
    {
        var artifacts = PhysicalPath.Of($"{root}artifacts") + "/"; // may be a link to another disk
        var mapped = MappedRoot + FolderInGit(root);
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        foreach (var document in reader.Documents.Select(reader.GetDocument))
        {
            var named = reader.GetString(document.Name);
            var path = named.StartsWith(root, StringComparison.Ordinal) ? named : PhysicalPath.Of(named);
            var relative = path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..]
                : path.StartsWith(mapped, StringComparison.Ordinal) ? path[mapped.Length..]
                : path;

            // The build generates files below artifacts.
            if (!relative.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith(artifacts, StringComparison.Ordinal))
            {
                _checksums[relative] = Convert.ToHexString(reader.GetBlobBytes(document.Hash));
            }
        }
    }
}
