using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Messages as documents quote them: between straight quotation marks, with "…" for what differs from case to case.</summary>
internal static partial class Quotes
{
    private const int ShortestPart = 3;

    /// <summary>The parts of all quotations in a text that can be looked up.</summary>
    public static IEnumerable<string> PartsOf(string text) => Quotation().Matches(text)
        .SelectMany(match => match.Groups["text"].Value.Split('…', StringSplitOptions.TrimEntries))
        .Where(part => part.Length >= ShortestPart);

    [GeneratedRegex("\"(?<text>[^\"]+)\"")]
    private static partial Regex Quotation();
}
