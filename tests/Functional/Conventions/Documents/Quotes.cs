using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Finds messages that documents quote: text between straight quotation marks, with "…" in place of the parts that vary.</summary>
internal static partial class Quotes
{
    private const int ShortestPart = 3;

    /// <summary>Returns the fixed parts of all quoted messages in a text, except very short ones.</summary>
    public static IEnumerable<string> PartsOf(string text) => Quotation().Matches(text)
        .SelectMany(match => match.Groups["text"].Value.Split('…', StringSplitOptions.TrimEntries))
        .Where(part => part.Length >= ShortestPart);

    [GeneratedRegex("\"(?<text>[^\"]+)\"")]
    private static partial Regex Quotation();
}
