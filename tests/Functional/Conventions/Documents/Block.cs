using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A code block of a Markdown document, between two fences (lines that begin with three backticks).</summary>
/// <param name="Document">The document that contains the block.</param>
/// <param name="Line">The line number of the first fence.</param>
/// <param name="Language">The language, which follows the first fence.</param>
/// <param name="Code">The text between the fences.</param>
/// <param name="Before">The last line of text before the block.</param>
/// <param name="Previous">The block before this block in the same document; null if this is the first one.</param>
internal sealed partial record Block(Document Document, int Line, string Language, string Code, string Before, Block? Previous)
{
    /// <summary>Is true for C# that is a whole program or file. Any other C# block is a part of a program in which a pool runs.</summary>
    public bool IsWhole => Language == "csharp" && Code.StartsWith("using ", StringComparison.Ordinal);

    /// <summary>The file name in the first line of a Python block, such as <c># my_tools.py</c>; null if there is none.</summary>
    public string? FileName =>
        Language == "python" && FilePattern().Match(Code) is { Success: true } match ? match.Groups["name"].Value : null;

    public override string ToString() => $"{Document.Path}:{Line}";

    public static IEnumerable<Block> In(string language) =>
        Document.All.SelectMany(document => document.Blocks).Where(block => block.Language == language);

    [GeneratedRegex(@"^# (?<name>\w+\.py)\n")]
    private static partial Regex FilePattern();
}
