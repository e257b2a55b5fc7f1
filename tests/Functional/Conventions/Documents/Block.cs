using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A fenced code block of a document.</summary>
/// <param name="Document">The document that it is in.</param>
/// <param name="Line">The line of its first fence.</param>
/// <param name="Language">What follows the fence.</param>
/// <param name="Code">What stands between the fences.</param>
/// <param name="Before">The last line of text before it.</param>
/// <param name="Previous">The block before it in the same document.</param>
internal sealed partial record Block(Document Document, int Line, string Language, string Code, string Before, Block? Previous)
{
    /// <summary>True for C# that is a whole program or file; other C# blocks are part of a program in which a pool runs.</summary>
    public bool IsWhole => Language == "csharp" && Code.StartsWith("using ", StringComparison.Ordinal);

    /// <summary>The name of the Python file that the block is, from its first line; null if it is none.</summary>
    public string? FileName =>
        Language == "python" && FilePattern().Match(Code) is { Success: true } match ? match.Groups["name"].Value : null;

    public override string ToString() => $"{Document.Path}:{Line}";

    public static IEnumerable<Block> In(string language) =>
        Document.All.SelectMany(document => document.Blocks).Where(block => block.Language == language);

    [GeneratedRegex(@"^# (?<name>\w+\.py)\n")]
    private static partial Regex FilePattern();
}
