using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A Markdown file of the repository, taken apart into what tests check.</summary>
internal sealed partial class Document
{
    private Document(string path)
    {
        Path = path;
        var lines = File.ReadAllLines(FullPath);
        (Blocks, var outside) = Parse(lines);
        Prose = string.Join('\n', outside);
        Tables = Table.In(outside);
    }

    /// <summary>Every document that people read: all Markdown files but the golden ones of tests.</summary>
    public static IReadOnlyList<Document> All { get; } = [.. RepositoryFiles.All
        .Where(path => path.EndsWith(".md", StringComparison.Ordinal) && !path.Contains(".verified.", StringComparison.Ordinal))
        .Select(path => new Document(path))];

    /// <summary>The path from the root of the repository.</summary>
    public string Path { get; }

    public string FullPath => System.IO.Path.Combine(Repository.Root, Path);

    /// <summary>The directory of the document, which its relative links begin at.</summary>
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The fenced code blocks, in order.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>Everything outside of the fenced blocks.</summary>
    public string Prose { get; }

    public IReadOnlyList<Table> Tables { get; }

    /// <summary>What stands between single backticks.</summary>
    public IEnumerable<string> Spans => SpanPattern().Matches(Prose).Select(match => match.Groups["code"].Value);

    /// <summary>The targets of the links, relative and absolute ones.</summary>
    public IEnumerable<string> Links => LinkPattern().Matches(Prose).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors that links may name: the headings, as GitHub writes them.</summary>
    public IEnumerable<string> Anchors => HeadingPattern().Matches(Prose).Select(match => AnchorOf(match.Groups["text"].Value.Trim()));

    public static Document Of(string path) => All.Single(document => document.Path == path);

    /// <summary>What a test says of a place in a document.</summary>
    public override string ToString() => Path;

    private static string AnchorOf(string heading) => new([.. heading.ToLowerInvariant()
        .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')
        .Select(letter => letter == ' ' ? '-' : letter)]);

    private (IReadOnlyList<Block> Blocks, IReadOnlyList<string> Outside) Parse(string[] lines)
    {
        var (blocks, outside, code) = (new List<Block>(), new List<string>(), new List<string>());
        string? language = null;
        var (began, before) = (0, "");
        foreach (var (index, line) in lines.Index())
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                (language is null ? outside : code).Add(line);
            }
            else if (language is null)
            {
                (language, began, before) = (line[3..].Trim(), index + 1, outside.LastOrDefault(text => text.Length > 0) ?? "");
            }
            else
            {
                blocks.Add(new Block(this, began, language, string.Join('\n', code) + "\n", before, blocks.LastOrDefault()));
                code.Clear();
                language = null;
            }
        }

        Assert.True(language is null, $"{Path}:{began} begins a code block that never ends");
        return (blocks, outside);
    }

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex SpanPattern();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();
}
