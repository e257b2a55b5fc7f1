using System.Globalization;
using System.Text;
using System.Text.Json;

using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>Finds the place in a value that cannot be written as JSON, such as <c>orders[3].price</c>.</summary>
internal static class WrittenPath
{
    private const int LongestPath = 24; // steps; of a longer path the first and last are shown
    private const int FirstSteps = 16;
    private const int LastSteps = 6;

    /// <summary>The reason why a value that is nested more deeply than the limit is refused.</summary>
    public static string TooDeep(int limit) => string.Create(
        CultureInfo.InvariantCulture, $"it is nested deeper than {limit:N0} levels, which is the limit, or contains itself");

    /// <summary>
    /// Writes a value once more, until that fails, and returns the steps to the place where it failed: names and indices. The serializer
    /// itself does not tell the indices.
    /// </summary>
    public static List<object> Of(object? value, Type type, JsonSerializerOptions options)
    {
        using var writer = new AttachmentWriter(options, memory: null);
        try
        {
            writer.Write(value, options.GetTypeInfo(type), limit: long.MaxValue);
        }
        catch (Exception) // the same exception as before, whatever it is: the caller has caught it, and asks for its place
        {
        }

        return EndOf([.. writer.Json, (byte)' '], options.MaxDepth); // the space ends a number, which could go on otherwise
    }

    /// <summary>Writes a path as text.</summary>
    public static string Text(IReadOnlyList<object> steps)
    {
        if (steps.Count > LongestPath)
        {
            var (first, last) = (Text([.. steps.Take(FirstSteps)]), Text([.. steps.TakeLast(LastSteps)]));
            return string.Create(
                CultureInfo.InvariantCulture, $"{first}...({steps.Count - FirstSteps - LastSteps:N0} levels)...{last}");
        }

        var text = new StringBuilder();
        foreach (var step in steps)
        {
            _ = step is int index ? text.Append(CultureInfo.InvariantCulture, $"[{index}]") : text.Append('.').Append(step);
        }

        return text.ToString().TrimStart('.');
    }

    /// <summary>Returns the steps to the value that would come next after incomplete JSON.</summary>
    private static List<object> EndOf(ReadOnlySpan<byte> json, int maxDepth)
    {
        var steps = new List<object>(); // for each open object the current name, for each open array the current index
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth + 1 }));
        var isNamed = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    steps.Add("");
                    isNamed = false;
                    break;
                case JsonTokenType.StartArray:
                    steps.Add(0);
                    break;
                case JsonTokenType.PropertyName:
                    steps[^1] = reader.GetString()!;
                    isNamed = true;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.RemoveAt(steps.Count - 1);
                    isNamed = !Advance(steps) && isNamed;
                    break;
                default:
                    isNamed = !Advance(steps) && isNamed;
                    break;
            }
        }

        if (steps.Count > 0 && steps[^1] is string && !isNamed)
        {
            steps.RemoveAt(steps.Count - 1); // what cannot be written is a name of the object itself
        }

        return steps;
    }

    /// <summary>Goes on to the next item of an array. Returns true after the value of an object's property.</summary>
    private static bool Advance(List<object> steps)
    {
        if (steps.Count > 0 && steps[^1] is int index)
        {
            steps[^1] = index + 1;
            return false;
        }

        return true;
    }
}
