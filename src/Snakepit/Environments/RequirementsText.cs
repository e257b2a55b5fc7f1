using System.Text.RegularExpressions;

namespace Snakepit.Environments;

/// <summary>The texts of a requirements file and of all files that it includes with <c>-r</c> or <c>-c</c>.</summary>
/// <param name="Path">The absolute path of the requirements file.</param>
/// <param name="Texts">The texts, that of the requirements file first.</param>
/// <param name="FirstAddress">The file and the line that first name an address of the network, as FILE:LINE; null if none does.</param>
internal sealed partial record RequirementsText(string Path, IReadOnlyList<string> Texts, string? FirstAddress)
{
    /// <summary>
    /// Whether a requirement has a hash. Pip then wants a hash of every package, so that none can be added to those in the file.
    /// </summary>
    public bool HasHashes => Texts.Any(text => text.Contains("--hash", StringComparison.Ordinal)
        || text.Contains("--require-hashes", StringComparison.Ordinal));

    /// <summary>Reads a requirements file.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="PythonEnvironmentException">A file is missing or cannot be read.</exception>
    public static RequirementsText Read(string path)
    {
        var texts = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { path };
        var waiting = new Queue<(string Path, string IncludedBy)>([(path, "")]);
        string? address = null;
        while (waiting.TryDequeue(out var next))
        {
            var text = TextOf(path, next.Path, next.IncludedBy);
            texts.Add(text);
            foreach (var (line, number) in LogicalLines(text))
            {
                var place = $"{next.Path}:{number}";
                address ??= Address().IsMatch(line) ? place : null;
                if (Inclusion().Match(line) is { Success: true } inclusion && !Address().IsMatch(line))
                {
                    var named = Variable().Replace(inclusion.Groups["path"].Value.Trim('"', '\''), ValueOf);
                    var included = System.IO.Path.GetFullPath(named, System.IO.Path.GetDirectoryName(next.Path)!);
                    if (seen.Add(included))
                    {
                        waiting.Enqueue((included, place));
                    }
                }
            }
        }

        return new RequirementsText(path, texts, address);
    }

    private static string TextOf(string requirements, string path, string includedBy)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var which = includedBy.Length == 0 ? "The file" : $"'{path}', which {includedBy} includes,";
            var problem = Directory.Exists(path) ? "is a directory"
                : File.Exists(path) ? $"cannot be read ({exception.Message.TrimEnd('.')})"
                : "does not exist";
            throw new PythonEnvironmentException(requirements, $"{which} {problem}.", reasonException: exception);
        }
    }

    /// <summary>Returns the lines without comments, those that end with a backslash joined to the next, with their numbers.</summary>
    private static IEnumerable<(string Line, int Number)> LogicalLines(string text)
    {
        var begun = "";
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.EndsWith('\\') && !line.TrimStart().StartsWith('#'))
            {
                begun += $"{line[..^1]} ";
                continue;
            }

            yield return (Comment().Replace(begun + line, "").Trim(), number);
            begun = "";
        }
    }

    private static string ValueOf(Match variable) => Environment.GetEnvironmentVariable(variable.Groups["name"].Value) ?? variable.Value;

    [GeneratedRegex(@"(^|\s+)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(-[rc]\s*|--(requirement|constraint)(\s+|=))(?<path>\S.*)$")]
    private static partial Regex Inclusion();

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+)\}")]
    private static partial Regex Variable();

    // Such as https://…, git+ssh://… and git+file://…; a file:// of its own is local.
    [GeneratedRegex(@"(^|[\s=@""'])((https?|ftp|ssh|git)://|(git|hg|svn|bzr)\+[a-z+]+:)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
