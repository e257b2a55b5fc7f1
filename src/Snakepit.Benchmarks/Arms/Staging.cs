using System.Security.Cryptography;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// Copies of both builds in directories whose names are equally long and say nothing of the build. There are two arrangements, which differ
/// in the directory that each build is in, so that a round can draw one of them.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly string _directory;

    private Staging(string directory) => _directory = directory;

    /// <summary>Copies the builds.</summary>
    /// <param name="directory">The directory for the copies. What is in it is removed.</param>
    /// <param name="candidate">The candidate's build.</param>
    /// <param name="pin">The pin's build; null if there is none.</param>
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

    /// <summary>The directory of a side's build.</summary>
    /// <param name="side">The side.</param>
    /// <param name="swapped">True for the directory that the other side has otherwise.</param>
    public string DirectoryOf(Side side, bool swapped) =>
        Path.Combine(_directory, swapped ? "2" : "1", (side == Side.Candidate) == swapped ? "b" : "a");

    /// <summary>True if the library and the Python package of both builds are equal, file by file.</summary>
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
        var package = Path.Combine(directory, "python");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(package, "*.*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".pyc", StringComparison.Ordinal))
            .Append(Path.Combine(directory, "Snakepit.dll"));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
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
