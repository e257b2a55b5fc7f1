using System.Globalization;
using System.Text.Json.Nodes;

namespace Snakepit.AI;

/// <summary>
/// Makes a JSON schema of a type annotation of Python. What the schema does not say, such as the fields of a class, is left open, with the
/// annotation as its description: the model sees it, and the worker checks the arguments anyway.
/// </summary>
internal static class AnnotationSchema
{
    /// <summary>Returns the schema of the values that an annotation accepts as JSON.</summary>
    /// <param name="annotation">The annotation as written in Python; empty if there is none.</param>
    public static JsonObject Of(string annotation) =>
        annotation.Length == 0 ? [] : new AnnotationReader(annotation).Read() is { } type ? Of(type) : Open(annotation);

    private static JsonObject Of(Annotation type) => type.Name switch
    {
        "int" => Plain("integer"),
        "float" => Plain("number"),
        "str" => Plain("string"),
        "bool" => Plain("boolean"),
        "None" or "NoneType" => Plain("null"),
        "Any" or "object" => [],
        "date" or "time" => new JsonObject { ["type"] = "string", ["format"] = type.Name },
        "datetime" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "UUID" => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        "Annotated" when type.Arguments is [var inner, ..] => Of(inner),
        "Optional" when type.Arguments is [var inner] => AnyOf([inner, Annotation.None]),
        "Union" or "|" => AnyOf(type.Arguments),
        "Literal" => new JsonObject { ["enum"] = new JsonArray([.. type.Arguments.Select(value => ValueOf(value.Name))]) },
        "list" or "List" or "Sequence" or "Iterable" or "Collection" => Items(type.Arguments),
        "set" or "Set" or "frozenset" or "FrozenSet" => Unique(type.Arguments),
        "tuple" or "Tuple" => type.Arguments is [var item, { Name: "..." }] ? Items([item]) : Plain("array"),
        "dict" or "Dict" or "Mapping" => type.Arguments is [_, var value]
            ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(value) }
            : Plain("object"),
        _ => Open(type.ToString()),
    };

    private static JsonObject Plain(string type) => new() { ["type"] = type };

    private static JsonObject Open(string annotation) => new() { ["description"] = $"Python type: {annotation}" };

    private static JsonObject AnyOf(IReadOnlyList<Annotation> types) => new() { ["anyOf"] = new JsonArray([.. types.Select(Of)]) };

    private static JsonObject Items(IReadOnlyList<Annotation> arguments) => arguments is [var item]
        ? new JsonObject { ["type"] = "array", ["items"] = Of(item) }
        : Plain("array");

    private static JsonObject Unique(IReadOnlyList<Annotation> arguments)
    {
        var schema = Items(arguments);
        schema["uniqueItems"] = true;
        return schema;
    }

    /// <summary>Returns the JSON value of a literal of Python: a text in quotation marks, a number, True, False or None.</summary>
    private static JsonValue? ValueOf(string literal) => literal switch
    {
        ['\'' or '"', .. var text, _] => JsonValue.Create(text),
        "True" => JsonValue.Create(true),
        "False" => JsonValue.Create(false),
        _ when long.TryParse(literal, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => null,
    };
}
