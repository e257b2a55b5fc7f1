using System.Security.Cryptography;
using System.Text;

namespace Snakepit.Benchmarks.Repository;

/// <summary>Computes one checksum of the names and contents of files in a folder.</summary>
internal static class FolderChecksum
{
    /// <summary>Returns the checksum of all files in a folder.</summary>
    public static string Of(string directory) =>
        Of(directory, Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories));

    /// <summary>Returns the checksum of some files in a folder.</summary>
    public static string Of(string directory, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
