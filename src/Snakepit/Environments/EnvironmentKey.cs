using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>Computes the name by which an environment is kept: the same for whatever would make the same environment.</summary>
internal static class EnvironmentKey
{
    // To be raised when environments are made in another way, so that those that were made before are not used any more.
    private const string Version = "1";

    private const int Digits = 20;

    public static string Of(
        RequirementsEnvironment wanted, RequirementsText text, BaseInterpreter maker, PythonRequirements needs, string? wheels)
    {
        var parts = new StringBuilder();
        foreach (var part in (string[])
            [
                Version, maker.Path, maker.Tag, maker.Platform, needs.Specifiers, wanted.SystemSitePackages.ToString(),
                wanted.Offline.ToString(), .. wheels is null ? [] : FilesOf(wheels), .. text.Texts,
            ])
        {
            parts.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part); // with its length, so that no two lists read alike
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(parts.ToString()));
        return $"{maker.Tag}-{Convert.ToHexStringLower(hash)[..Digits]}";
    }

    /// <summary>
    /// Returns the names, sizes and times of the files in a folder. A wheel of gigabytes is too large to be read at each start.
    /// </summary>
    private static IEnumerable<string> FilesOf(string directory) => new DirectoryInfo(directory)
        .EnumerateFiles()
        .OrderBy(file => file.Name, StringComparer.Ordinal)
        .Select(file => (file.Name, File: file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file))
        .Where(one => one.File.Exists)
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.File.Length} {one.File.LastWriteTimeUtc.Ticks}"));
}
