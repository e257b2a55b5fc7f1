using System.Text.Json;
using System.Text.RegularExpressions;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Baselines;

/// <summary>Formats the text of a baseline file for people who read its diffs.</summary>
internal static partial class BaselineText
{
    /// <summary>Returns indented JSON in which every array of numbers, and every metric, is on one line.</summary>
    public static string Of(Baseline baseline)
    {
        var json = JsonSerializer.Serialize(baseline, JsonFile.Format);
        var arraysOnOneLine = NumberArray().Replace(json, match => $"[{OnOneLine(match.Groups[1].Value)}]");
        return MetricObject().Replace(arraysOnOneLine, match => $"{{ {OnOneLine(match.Groups[1].Value)} }}") + "\n";
    }

    private static string OnOneLine(string text) => Whitespace().Replace(text, " ");

    [GeneratedRegex(@"\[\s*([^\[\]{}""]*?)\s*\]")]
    private static partial Regex NumberArray();

    [GeneratedRegex(@"\{\s*(""unit"":[^{}]*?)\s*\}")]
    private static partial Regex MetricObject();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
