using System.Text.Json;

namespace Snakepit.Payloads;

/// <summary>Finds the place in JSON that cannot be read.</summary>
internal static class JsonPlace
{
    /// <summary>Returns the place that an exception of the serializer names, such as " at orders[3].price", or an empty text.</summary>
    public static string Of(Exception exception)
    {
        var path = "";
        for (var cause = exception as JsonException; cause is not null; cause = cause.InnerException as JsonException)
        {
            path += cause.Path is { Length: > 1 } inner ? inner[1..] : ""; // "$.orders", and in its cause "$[3]"
        }

        return path.Length == 0 ? "" : $" at {path.TrimStart('.')}";
    }
}
