using System.Formats.Tar;
using System.Reflection.Metadata;
using System.Security.Cryptography;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// The source files that a build was made from: those whose checksums the compiler has written into the debug symbols, and the Python files
/// that were copied beside the program. The working tree may have changed since the build, and files that git ignores may have been
/// compiled, so only these checksums tell what was measured.
/// </summary>
internal sealed class BuiltSources
{
    private const string PythonSource = "priv/python/snakepit_worker";

    // With CI=true, the compiler writes this prefix instead of the root of the repository.
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

        var package = Path.Combine(directory, "python", "snakepit_worker");
        foreach (var file in Directory.EnumerateFiles(package, "*.py", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            sources._checksums[$"{PythonSource}/{Path.GetRelativePath(package, file)}"] = Checksum(stream);
        }

        return sources;
    }

    /// <summary>Returns the files that a commit does not have, or has with other content, sorted by name.</summary>
    /// <exception cref="GitException">Git cannot read the commit.</exception>
    public async Task<IReadOnlyList<string>> DifferencesFromAsync(Git git, string commit)
    {
        var committed = await ChecksumsOfAsync(git, commit);
        var differing = _checksums.Where(built => committed.GetValueOrDefault(built.Key) != built.Value).Select(built => built.Key);
        return [.. differing.Order(StringComparer.Ordinal)];
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
                    checksums[file.Name] = Checksum(content);
                }
            }

            return checksums;
        }
        finally
        {
            File.Delete(archive);
        }
    }

    private static string Checksum(Stream content) => Convert.ToHexString(SHA256.HashData(content));

    private void AddCompiled(string symbols, string root)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        foreach (var document in reader.Documents.Select(reader.GetDocument))
        {
            var path = reader.GetString(document.Name);
            var relative = path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..]
                : path.StartsWith(MappedRoot, StringComparison.Ordinal) ? path[MappedRoot.Length..]
                : path;
            if (!relative.StartsWith("artifacts/", StringComparison.Ordinal)) // the build generates files there
            {
                _checksums[relative] = Convert.ToHexString(reader.GetBlobBytes(document.Hash));
            }
        }
    }
}
