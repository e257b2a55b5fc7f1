using System.Security.Cryptography;
using System.Text;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Computes a hash of source files that stays the same when only comments change, so that a better comment does not make hours of
/// validation start again. Lines that hold nothing but a comment, and empty lines, are left out.
/// </summary>
internal static class SourceHash
{
    /// <summary>Returns the hash of the names and contents of files.</summary>
    /// <param name="root">The folder that the paths are relative to.</param>
    /// <param name="paths">The files.</param>
    public static string Of(string root, IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            Append(path);
            foreach (var line in File.ReadLines(Path.Combine(root, path)).Where(line => !IsIgnored(line, CommentOf(path))))
            {
                Append(line);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>Returns how a comment begins in files of this kind; null if such files have none.</summary>
    private static string? CommentOf(string path) => Path.GetExtension(path) switch
    {
        ".cs" => "//",
        ".py" => "#",
        _ => null,
    };

    private static bool IsIgnored(string line, string? comment)
    {
        var text = line.AsSpan().Trim();
        return text.IsEmpty || (comment is not null && text.StartsWith(comment, StringComparison.Ordinal));
    }
}
