using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Baselines;

/// <summary>Formats the text of a baseline file for people who read its diffs.</summary>
internal static class BaselineText
{
    private const string FirstPropertyOfMetric = "unit";

    /// <summary>Returns indented JSON in which every array of numbers, and every metric, is on one line.</summary>
    public static string Of(Baseline baseline)
    {
        var text = new StringBuilder();
        Append(text, JsonSerializer.SerializeToNode(baseline, JsonFile.Format), indentation: "");
        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, string indentation)
    {
        switch (node)
        {
            case JsonArray array:
                List<JsonNode?> items = [.. array];
                AppendAll(text, "[]", items, isOnOneLine: true, padding: "", indentation, (item, inner) => Append(text, item, inner));
                break;
            case JsonObject properties:
                var isOnOneLine = properties.FirstOrDefault().Key == FirstPropertyOfMetric;
                AppendAll(text, "{}", properties.ToList(), isOnOneLine, padding: " ", indentation, (property, inner) =>
                {
                    text.Append($"{JsonSerializer.Serialize(property.Key, JsonFile.Format)}: ");
                    Append(text, property.Value, inner);
                });
                break;
            default:
                text.Append(node is null ? "null" : node.ToJsonString(JsonFile.Format));
                break;
        }
    }

    private static void AppendAll<T>(
        StringBuilder text,
        string brackets,
        List<T> items,
        bool isOnOneLine,
        string padding,
        string indentation,
        Action<T, string> append)
    {
        var inner = $"{indentation}  ";
        text.Append(brackets[0]);
        foreach (var (index, item) in items.Index())
        {
            text.Append(index == 0 ? "" : ",");
            text.Append(!isOnOneLine ? $"\n{inner}" : index == 0 ? padding : " ");
            append(item, inner);
        }

        text.Append(items.Count == 0 ? "" : isOnOneLine ? padding : $"\n{indentation}");
        text.Append(brackets[1]);
    }
}
