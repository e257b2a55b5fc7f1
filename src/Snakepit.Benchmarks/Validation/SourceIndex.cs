using System.Text.RegularExpressions;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Knows which source files use which others. Uses are found by name: a file uses another file if it mentions a type or an extension method
/// that the other file declares. A Python file declares the name of its module.
/// </summary>
internal sealed partial class SourceIndex
{
    private readonly IReadOnlyDictionary<string, SourceFile> _files;

    /// <param name="root">The root of the repository.</param>
    /// <param name="paths">The files, relative to the root.</param>
    public SourceIndex(string root, IEnumerable<string> paths) =>
        _files = paths.ToDictionary(path => path, path => SourceFile.Read(root, path), StringComparer.Ordinal);

    /// <summary>Returns the files that declare certain types, and all files that those files use directly or through other files.</summary>
    /// <param name="names">The names of the types.</param>
    /// <param name="among">Returns true for a file that may be in the result; others are skipped.</param>
    /// <param name="handlers">Returns true for a file that runs slots. A slot needs such a file if the file mentions the slot.</param>
    public IReadOnlySet<string> NeededBy(IEnumerable<string> names, Func<string, bool> among, Func<string, bool> handlers)
    {
        var (known, found) = (names.ToHashSet(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var slots = _files.Values.SelectMany(file => file.Slots).ToHashSet(StringComparer.Ordinal);
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var (path, file) in _files.Where(pair => among(pair.Key) && !found.Contains(pair.Key)))
            {
                if (file.Declared.Overlaps(known) || (handlers(path) && file.Mentioned.Overlaps(slots.Where(known.Contains))))
                {
                    found.Add(path);
                    known.UnionWith(file.Mentioned);
                    grew = true;
                }
            }
        }

        return found;
    }

    /// <summary>Returns all names that the selected files mention.</summary>
    public IEnumerable<string> MentionedBy(Func<string, bool> files) =>
        _files.Where(pair => files(pair.Key)).SelectMany(pair => pair.Value.Mentioned);

    /// <summary>A source file.</summary>
    /// <param name="Declared">The types and extension methods that it declares.</param>
    /// <param name="Slots">The declared types that are slots, which are requests to a benchmark host.</param>
    /// <param name="Mentioned">Every other name in the file.</param>
    private sealed partial record SourceFile(IReadOnlySet<string> Declared, IReadOnlySet<string> Slots, IReadOnlySet<string> Mentioned)
    {
        public static SourceFile Read(string root, string path)
        {
            var text = Comment().Replace(File.ReadAllText(Path.Combine(root, path)), "");
            HashSet<string> declared = path.EndsWith(".py", StringComparison.Ordinal)
                ? [Path.GetFileNameWithoutExtension(path)]
                : [.. Declaration().Matches(text).Concat(ExtensionMethod().Matches(text)).Select(match => match.Groups[1].Value)];
            HashSet<string> mentioned = [.. Word().Matches(text).Select(match => match.Value)];
            mentioned.ExceptWith(declared);
            return new SourceFile(declared, SlotDeclaration().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(), mentioned);
        }

        [GeneratedRegex(@"^\s*(//|#).*$", RegexOptions.Multiline)]
        private static partial Regex Comment();

        // Matches only at the beginning of a line, which leaves nested types out: other files do not mention them by their simple names.
        [GeneratedRegex(@"^(?:\w+ )*(?:class|record|struct|interface|enum|delegate [\w<>]+) (\w+)", RegexOptions.Multiline)]
        private static partial Regex Declaration();

        [GeneratedRegex(@"\b(\w+)(?:<[^>]*>)?\(this ")]
        private static partial Regex ExtensionMethod();

        [GeneratedRegex(@"\brecord (\w+)[^;{]*: Slot<")]
        private static partial Regex SlotDeclaration();

        [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
        private static partial Regex Word();
    }
}
