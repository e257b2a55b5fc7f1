using System.Buffers;
using System.Text.Json;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// Writes a value as JSON, and collects what JSON cannot carry. A converter writes the digit 0 for it and hands the rest to
/// <see cref="Attach"/>, which finds the writer of the value by the thread.
/// </summary>
/// <param name="options">How values are written.</param>
internal sealed class AttachmentWriter(JsonSerializerOptions options) : IDisposable
{
    private const int Usual = 1024;
    private const int MostKept = 1024 * 1024;

    // The serializer writes a value on one thread, and gives converters nothing by which they could know for whom they write.
    [ThreadStatic]
    private static AttachmentWriter? _current;

    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        Encoder = options.Encoder,
        MaxDepth = options.MaxDepth,
        SkipValidation = true, // the serializer's own converters write valid JSON
    });

    private ArrayBufferWriter<byte> _bytes = new(Usual);
    private Attachments? _attachments;
    private long _left;

    /// <summary>The JSON that was written.</summary>
    public ReadOnlySpan<byte> Json => _bytes.WrittenSpan;

    /// <summary>What JSON cannot carry; null if it carries all.</summary>
    public Attachments? Attachments => _attachments;

    /// <summary>Writes a value. The writer is empty afterwards, or has to be dropped, if this throws.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The type as which it is written.</param>
    /// <param name="limit">How many bytes JSON and attachments may take together.</param>
    /// <exception cref="AttachmentsTooLargeException">The attachments alone are over the limit.</exception>
    public void Write(object? value, Type type, long limit)
    {
        var outer = _current; // a property of the value may itself make a call on this thread
        (_current, _left) = (this, limit);
        _json.Reset(_bytes);
        try
        {
            JsonSerializer.Serialize(_json, value, type, options);
        }
        finally
        {
            _current = outer;
            _json.Flush();
        }
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Forgets the value that was written, so that the writer can be used again.</summary>
    public void Clear()
    {
        _attachments = null;
        if (_bytes.Capacity > MostKept)
        {
            _bytes = new ArrayBufferWriter<byte>(Usual);
        }

        _bytes.ResetWrittenCount();
    }

    /// <summary>Writes the digit 0 to <paramref name="json"/>, and adds what stands in its place.</summary>
    /// <exception cref="NotSupportedException">A converter of the application writes JSON of its own.</exception>
    public static void Attach(Utf8JsonWriter json, Attachment attachment)
    {
        if (_current is not { } current || current._json != json)
        {
            throw new NotSupportedException(
                $"{ElementKind.Describe(attachment)} cannot be written into JSON that a converter of the application makes by itself");
        }

        json.WriteRawValue("0"u8, skipInputValidation: true);
        attachment.At = (uint)(json.BytesCommitted + json.BytesPending - 1);
        current._left -= attachment.CalculateSize();
        if (current._left < 0)
        {
            throw new AttachmentsTooLargeException();
        }

        (current._attachments ??= new Attachments()).Items.Add(attachment);
    }
}

/// <summary>Thrown while a value is written whose attachments are larger than the payload limit.</summary>
internal sealed class AttachmentsTooLargeException : Exception;
