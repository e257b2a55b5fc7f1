using System.Text.Json;
using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// Gives converters the attachments of the value that is read on this thread. The place of an attachment is recognised by the memory of the
/// token, not by its offset, so that JSON which a converter of the application has copied cannot be mistaken for it.
/// </summary>
internal sealed class AttachmentReader
{
    [ThreadStatic]
    private static AttachmentReader? _current;

    private readonly ByteString _json;
    private readonly Attachments _attachments;
    private readonly bool[] _taken;

    private AttachmentReader(ByteString json, Attachments attachments)
    {
        (_json, _attachments) = (json, attachments);
        _taken = new bool[attachments.Items.Count];
    }

    /// <summary>The attachments that no converter has taken.</summary>
    public IEnumerable<Attachment> Untaken => _attachments.Items.Where((_, index) => !_taken[index]);

    /// <summary>Runs <paramref name="read"/>, which reads a value that has attachments.</summary>
    /// <exception cref="JsonException">An attachment is not valid.</exception>
    public static T Read<T>(ByteString json, Attachments attachments, Func<T> read, out AttachmentReader reader)
    {
        Check(json, attachments);
        var outer = _current;
        reader = _current = new AttachmentReader(json, attachments);
        try
        {
            return read();
        }
        finally
        {
            _current = outer;
        }
    }

    /// <summary>Returns the attachment that stands in the place of the token that was read; null if there is none.</summary>
    public static Attachment? Take(ref Utf8JsonReader reader) =>
        _current is { } current && reader.TokenType == JsonTokenType.Number ? current.TakeAt(reader.ValueSpan) : null;

    private Attachment? TakeAt(ReadOnlySpan<byte> token)
    {
        if (!_json.Span.Overlaps(token, out var at))
        {
            return null;
        }

        var items = _attachments.Items;
        var (low, high) = (0, items.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (items[middle].At == at)
            {
                _taken[middle] = true;
                return items[middle];
            }

            (low, high) = items[middle].At < at ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private static void Check(ByteString json, Attachments attachments)
    {
        long last = -1;
        foreach (var attachment in attachments.Items)
        {
            if (attachment.At <= last || attachment.At >= json.Length || json[(int)attachment.At] != (byte)'0')
            {
                throw new JsonException($"the worker has sent an attachment that has no place in the JSON, at byte {attachment.At:N0}");
            }

            if (Elements.FaultOf(attachment) is { } fault)
            {
                throw new JsonException($"the worker has sent an attachment that is not valid: {fault}");
            }

            last = attachment.At;
        }
    }
}
