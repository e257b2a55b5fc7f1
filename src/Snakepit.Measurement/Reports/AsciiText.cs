using System.Collections.Frozen;
using System.Text;

namespace Snakepit.Measurement.Reports;

/// <summary>
/// Replaces the symbols of reports by words and ASCII characters, for terminals that are not set to UTF-8. Such a terminal would show each
/// symbol as a question mark, and a minus sign as well, so that "better" could not be told from "worse".
/// </summary>
public static class AsciiText
{
    private static readonly FrozenDictionary<char, string> Replacements = new Dictionary<char, string>
    {
        ['✓'] = "(met)",
        ['✗'] = "(missed)",
        ['−'] = "-",
        ['–'] = "-",
        ['∞'] = "infinite",
        ['→'] = "->",
        ['≥'] = ">=",
        ['≤'] = "<=",
        ['×'] = "x",
        ['µ'] = "u",
        ['…'] = "...",
        ['─'] = "-",
        ['│'] = "|",
        ['╭'] = "+",
        ['╮'] = "+",
        ['╰'] = "+",
        ['╯'] = "+",
        ['├'] = "+",
        ['┤'] = "+",
        ['┬'] = "+",
        ['┴'] = "+",
        ['┼'] = "+",
    }.ToFrozenDictionary();

    /// <summary>Returns the text with every symbol replaced. Other characters beyond ASCII stay as they are.</summary>
    public static string Of(string text)
    {
        if (!text.Any(Replacements.ContainsKey))
        {
            return text;
        }

        var replaced = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            replaced.Append(Replacements.GetValueOrDefault(character, $"{character}"));
        }

        return replaced.ToString();
    }

    /// <summary>Returns the text as it is if an encoding has its symbols; otherwise with every symbol replaced.</summary>
    public static string For(Encoding encoding, string text) => encoding.CodePage == Encoding.UTF8.CodePage ? text : Of(text);
}
