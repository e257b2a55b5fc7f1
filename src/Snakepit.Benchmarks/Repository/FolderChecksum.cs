using System.Security.Cryptography;
using System.Text;

namespace Snakepit.Benchmarks.Repository;

/// <summary>Computes one checksum of the names and contents of all files in a folder, without what Python compiles for itself.</summary>
internal static class FolderChecksum
{
    public static string Of(string directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".pyc", StringComparison.Ordinal));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
