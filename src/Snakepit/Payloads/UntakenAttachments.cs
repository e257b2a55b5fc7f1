using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Snakepit.Payloads.Arrays;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads;

/// <summary>
/// Refuses a value that was read without one of its attachments, because a type such as <see cref="int"/> or <see cref="JsonElement"/> has
/// taken the digit in its place for a number. Properties that the type lacks may be left out, as those without attachments are.
/// </summary>
internal static class UntakenAttachments
{
    /// <exception cref="JsonException">An attachment belongs to a place where the type has no room for it.</exception>
    public static void Check(IEnumerable<Attachment> untaken, ByteString json, JsonTypeInfo type)
    {
        foreach (var attachment in untaken)
        {
            var steps = StepsTo((int)attachment.At, json.Span);
            if (HolderOf(steps, type) is { } holder)
            {
                var path = steps.Count == 0 ? "" : $" at {WrittenPath.Text(steps)}";
                var what = ElementKind.Describe(attachment);
                throw new JsonException($"{holder} cannot hold {what}{path}; ask for a type that has {AdviceFor(attachment)} there");
            }
        }
    }

    /// <summary>Returns the type that should hold what the steps lead to; null if it lies in a property that is left out.</summary>
    private static Type? HolderOf(List<object> steps, JsonTypeInfo info)
    {
        foreach (var step in steps)
        {
            Type inner;
            switch (info.Kind)
            {
                case JsonTypeInfoKind.Object:
                    var comparison = info.Options.PropertyNameCaseInsensitive
                        ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
                    var property = info.Properties.FirstOrDefault(property => property.Name.Equals((string)step, comparison));
                    if (property is null && !info.Properties.Any(other => other.IsExtensionData))
                    {
                        return null;
                    }

                    inner = property?.PropertyType ?? typeof(object);
                    break;
                case JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable when info.ElementType is { } element:
                    inner = element;
                    break;
                default:
                    return info.Type;
            }

            if (!info.Options.TryGetTypeInfo(inner, out var next))
            {
                return inner; // a context of the application need not describe object
            }

            info = next;
        }

        return info.Type;
    }

    private static string AdviceFor(Attachment attachment)
    {
        var element = ElementKind.TypeOf(attachment.Kind)?.Name ?? nameof(Byte);
        return attachment switch
        {
            { Shape.Count: 0, Kind: not Attachment.Types.Kind.Bytes } => $"a {element}",
            { Shape.Count: > ArrayConverters.HighestRank } => $"a Tensor<{element}>",
            _ => $"{element}[{new string(',', Math.Max(attachment.Shape.Count - 1, 0))}]",
        };
    }

    /// <summary>Returns the steps to the token at an offset: names and indices.</summary>
    private static List<object> StepsTo(int offset, ReadOnlySpan<byte> json)
    {
        var steps = new List<object>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read() && reader.TokenStartIndex < offset)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    steps.Add("");
                    continue;
                case JsonTokenType.StartArray:
                    steps.Add(0);
                    continue;
                case JsonTokenType.PropertyName:
                    steps[^1] = reader.GetString()!;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.RemoveAt(steps.Count - 1);
                    break;
            }

            if (steps is [.., int index])
            {
                steps[^1] = index + 1;
            }
        }

        return steps;
    }
}
