using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snakepit.AI;

/// <summary>Makes the JSON schemas of the parameters and of the result of a tool.</summary>
internal static class ToolSchema
{
    /// <summary>Returns the schema of the object that holds the arguments.</summary>
    public static JsonElement OfParameters(ToolDescription tool)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in tool.Parameters.Where(parameter => !parameter.CollectsRest))
        {
            var schema = AnnotationSchema.Of(parameter.Type);
            if (parameter.DefaultValue is { } value)
            {
                schema["default"] = JsonNode.Parse(value.GetRawText());
            }

            properties[parameter.Name] = schema;
            if (parameter.IsRequired)
            {
                required.Add((JsonNode)parameter.Name);
            }
        }

        return Element(new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = tool.Parameters.Any(parameter => parameter.CollectsRest),
        });
    }

    /// <summary>Returns the schema of the result; null if the tool has no return annotation.</summary>
    public static JsonElement? OfResult(ToolDescription tool) =>
        tool.Returns.Length == 0 ? null : Element(AnnotationSchema.Of(tool.Returns));

    private static JsonElement Element(JsonObject schema)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
