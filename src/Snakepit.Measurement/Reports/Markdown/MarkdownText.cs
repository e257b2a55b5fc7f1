using System.Text.RegularExpressions;

namespace Snakepit.Measurement.Reports.Markdown;

/// <summary>
/// Puts text that others have written, such as the reason of a baseline, into a report, so that it can neither hide what follows nor look
/// like a part of the report.
/// </summary>
internal static partial class MarkdownText
{
    /// <summary>Returns the text on one line and without HTML. A line break could begin a heading or a table.</summary>
    public static string OneLine(string text) => WithoutHtml(LineBreaks().Replace(text.Trim(), " "));

    /// <summary>Returns the text with each HTML tag shown as it is written. The beginning of a comment would hide what follows.</summary>
    public static string WithoutHtml(string text) => BeginningOfHtml().Replace(text, @"\<");

    [GeneratedRegex(@"\s*[\r\n\u0085\u2028\u2029]\s*")]
    private static partial Regex LineBreaks();

    [GeneratedRegex("<(?=[a-zA-Z/!?])")]
    private static partial Regex BeginningOfHtml();
}
