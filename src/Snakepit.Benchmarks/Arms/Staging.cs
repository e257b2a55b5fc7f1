using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// Copies the builds of both sides into directories whose names have the same length and do not tell which side is in them, so that the
/// path of a build cannot influence its measurements. There are two arrangements of the copies, which differ in the directory names of the
/// sides, and each round uses one of them at random.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly string _directory;

    private Staging(string directory) => _directory = directory;

    /// <summary>Copies the builds of both sides.</summary>
    /// <param name="directory">The directory for the copies. Its present contents are deleted.</param>
    /// <param name="candidate">The directory of the candidate's build.</param>
    /// <param name="pin">The directory of the pin's build; null if only the candidate is measured.</param>
    public static Staging Create(string directory, string candidate, string? pin)
    {
        var staging = new Staging(directory);
        staging.Dispose();
        try
        {
            for (var arrangement = 0; arrangement < 2; arrangement++)
            {
                Copy(candidate, staging.DirectoryOf(Side.Candidate, arrangement == 1));
                if (pin is not null)
                {
                    Copy(pin, staging.DirectoryOf(Side.Pin, arrangement == 1));
                }
            }

            return staging;
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    /// <summary>Returns the directory that the build of a side was copied to.</summary>
    /// <param name="side">The side whose build is wanted.</param>
    /// <param name="swapped">True for the arrangement in which the two sides have exchanged directory names.</param>
    public string DirectoryOf(Side side, bool swapped) =>
        Path.Combine(_directory, swapped ? "2" : "1", (side == Side.Candidate) == swapped ? "b" : "a");

    /// <summary>Returns true if both builds have the same library and the same Python package, compared file by file.</summary>
    public bool IsOneBuild() =>
        Fingerprint(DirectoryOf(Side.Candidate, swapped: false)) == Fingerprint(DirectoryOf(Side.Pin, swapped: false));

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static string Fingerprint(string directory)
    {
        // Without what Python has compiled, which holds the times of the sources.
        var package = Directory.EnumerateFiles(Path.Combine(directory, "python"), "*", SearchOption.AllDirectories);
        var sources = package.Where(file => !file.EndsWith(".pyc", StringComparison.Ordinal));
        return FolderChecksum.Of(directory, sources.Append(Path.Combine(directory, "Snakepit.dll")));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
