using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A Markdown file of the repository, parsed into the parts that tests check: code blocks, tables, links.</summary>
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

    /// <summary>All Markdown files of the repository, except expected outputs of tests (<c>*.verified.*</c>).</summary>
    public static IReadOnlyList<Document> All { get; } = [.. RepositoryFiles.All
        .Where(path => path.EndsWith(".md", StringComparison.Ordinal) && !path.Contains(".verified.", StringComparison.Ordinal))
        .Select(path => new Document(path))];

    /// <summary>The path of the document, relative to the root of the repository.</summary>
    public string Path { get; }

    public string FullPath => System.IO.Path.Combine(Repository.Root, Path);

    /// <summary>The directory of the document, to which its links are relative.</summary>
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The code blocks of the document, in order.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>The text of the document outside of its code blocks.</summary>
    public string Prose { get; }

    public IReadOnlyList<Table> Tables { get; }

    /// <summary>The code spans of the text, which are the parts between single backticks.</summary>
    public IEnumerable<string> Spans => SpanPattern().Matches(Prose).Select(match => match.Groups["code"].Value);

    /// <summary>The targets of all links in the text, relative and absolute.</summary>
    public IEnumerable<string> Links => LinkPattern().Matches(Prose).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors to which links can lead. GitHub makes an anchor from each heading.</summary>
    public IEnumerable<string> Anchors => HeadingPattern().Matches(Prose).Select(match => AnchorOf(match.Groups["text"].Value.Trim()));

    public static Document Of(string path) => All.Single(document => document.Path == path);

    /// <summary>Returns the path, which messages of tests show.</summary>
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
