using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Snakepit.Memory;
using Snakepit.Payloads.Arrays;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads;

/// <summary>Encodes arguments as JSON and decodes results from JSON, within the payload limit.</summary>
/// <param name="options">The application's JSON options; null for options with property names in snake_case, as is usual in Python.</param>
/// <param name="maxPayload">The payload limit, in bytes of JSON and attachments together, without those in shared memory.</param>
/// <param name="memory">The shared memory for large attachments.</param>
internal sealed class PayloadCodec(JsonSerializerOptions? options, int maxPayload, HostMemory memory)
{
    private const int LongestShown = 200; // bytes of a result in the message about it

    private readonly PayloadOptions _options = options is null ? PayloadOptions.PythonStyle : new PayloadOptions(options);
    private AttachmentWriter? _idle; // a writer that was used before and is not in use

    /// <summary>Parses JSON that Python has sent beside results: an exception's attributes, or a parameter's default value.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> json) =>
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = PayloadOptions.MaxDepthWithNames }).RootElement;

    /// <summary>Encodes the arguments of a call: an object with one property per argument, or null for no arguments.</summary>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="arguments">The arguments, which may be <see cref="DescribedArguments"/>.</param>
    /// <param name="types">What describes the types of other arguments.</param>
    /// <exception cref="ToolArgumentException">The arguments cannot be written as JSON, or their JSON is not an object.</exception>
    /// <exception cref="PayloadTooLargeException">The encoded arguments are larger than the payload limit.</exception>
    /// <exception cref="SharedMemoryLimitException">There is no room for the arguments in the shared memory.</exception>
    public Payload Encode(string tool, object? arguments, IJsonTypeInfoResolver types)
    {
        if (arguments is null)
        {
            return Payload.Empty;
        }

        var what = $"the arguments for tool '{tool}'";
        var encoded = arguments is DescribedArguments described
            ? Write(described.Value, described.Type, described.Types, what)
            : Write(arguments, arguments.GetType(), types, what);
        if (encoded.Json[0] != (byte)'{')
        {
            encoded.Release();
            throw new ToolArgumentException(
                $"tool '{tool}' takes its arguments by name, from an object such as new {{ text = \"…\" }} or a dictionary; "
                + $"{(arguments as DescribedArguments)?.Type ?? arguments.GetType()} is not written as a JSON object");
        }

        return encoded;
    }

    /// <summary>Encodes the result of a host tool.</summary>
    /// <exception cref="ToolArgumentException">The result cannot be written as JSON.</exception>
    /// <exception cref="PayloadTooLargeException">The encoded result is larger than the payload limit.</exception>
    public Payload EncodeValue(string tool, object? value, Type type, IJsonTypeInfoResolver types) =>
        Write(value, type, types, $"the result of host tool '{tool}'");

    /// <summary>Decodes the arguments with which Python calls a host tool, and lets go of their shared memory.</summary>
    /// <exception cref="ToolArgumentException">The arguments cannot be converted to the host tool's argument type.</exception>
    public object? DecodeArguments(string tool, Payload payload, Type type, IJsonTypeInfoResolver types)
    {
        try
        {
            var read = _options.With(types).Json.GetTypeInfo(type);
            return payload.Attachments is { } attachments
                ? ReadWith(attachments, payload.Json, read, static (json, type) => JsonSerializer.Deserialize(json.Span, type))
                : JsonSerializer.Deserialize(payload.Json.IsEmpty ? "{}"u8 : payload.Json.Span, read);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw new ToolArgumentException(
                $"the arguments for host tool '{tool}' cannot be converted to {type}{JsonPlace.Of(exception)} ({exception.Message})",
                exception);
        }
        finally
        {
            payload.Release();
        }
    }

    /// <summary>Decodes the result of a call, or a chunk of a stream, and lets go of its shared memory.</summary>
    /// <exception cref="ResultConversionException">The JSON cannot be converted to <typeparamref name="T"/>.</exception>
    public T Decode<T>(string tool, Payload payload, IJsonTypeInfoResolver types)
    {
        try
        {
            var read = _options.With(types).TypeOf<T>();
            return payload.Attachments is { } attachments
                ? ReadWith(
                    attachments, payload.Json, read, static (json, type) => JsonSerializer.Deserialize(json.Span, (JsonTypeInfo<T>)type)!)
                : JsonSerializer.Deserialize(payload.Json.Span, read)!;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw new ResultConversionException(tool, typeof(T), payload.Shown(LongestShown), JsonPlace.Of(exception), exception);
        }
        finally
        {
            payload.Release();
        }
    }

    /// <summary>
    /// Returns true for what the JSON serializer throws if it cannot write or read a value, and for what properties, constructors and
    /// converters of the application and of .NET throw meanwhile. That may be anything: an <c>IPAddress</c> throws a SocketException.
    /// </summary>
    private static bool IsRefusal(Exception exception) => exception is not (SnakepitException or OutOfMemoryException);

    /// <summary>Reads a value that has attachments.</summary>
    private static T ReadWith<T>(Attachments attachments, ByteString json, JsonTypeInfo type, Func<ByteString, JsonTypeInfo, T> read)
    {
        var value = AttachmentReader.Read(json, attachments, () => read(json, type), out var reader);
        UntakenAttachments.Check(reader.Untaken, json, type);
        return value;
    }

    private Payload Write(object? value, Type type, IJsonTypeInfoResolver types, string what)
    {
        var writer = Interlocked.Exchange(ref _idle, null) ?? new AttachmentWriter(_options.Basis, memory);
        var format = _options.With(types);
        var outer = RepeatedNames.Watch();
        try
        {
            writer.Write(value, format.Json.GetTypeInfo(type), maxPayload);
        }
        catch (AttachmentsTooLargeException)
        {
            throw TooLarge(what, $"more than {maxPayload:N0} bytes");
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw NotWritten(value, type, format.Json, what, exception);
        }

        var encoded = new Payload(UnsafeByteOperations.UnsafeWrap(writer.Json.ToArray()), writer.Attachments, writer.Ranges);
        writer.Clear();
        _idle = writer;
        var size = (long)encoded.Json.Length + (encoded.Attachments?.CalculateSize() ?? 0);
        if (size > maxPayload)
        {
            encoded.Release();
            throw TooLarge(what, $"{size:N0} bytes, over the limit of {maxPayload:N0}");
        }

        if (format.Names.MayBeWritten(outer) && RepeatedNames.Find(encoded.Json.Span) is var (steps, name))
        {
            encoded.Release();
            throw NotWritten(what, steps, $"the object has two properties with the name \"{name}\"", cause: null);
        }

        return encoded;
    }

    private static PayloadTooLargeException TooLarge(string what, string size) =>
        new($"{char.ToUpperInvariant(what[0])}{what[1..]} take {size}");

    private static ToolArgumentException NotWritten(
        object? value, Type type, JsonSerializerOptions json, string what, Exception exception)
    {
        var steps = WrittenPath.Of(value, type, json);
        var isTooDeep = steps.Count >= json.MaxDepth;
        if (exception is RefusedJsonException refused)
        {
            steps.AddRange(refused.Steps);
        }

        var limit = json.MaxDepth == PayloadOptions.MaxDepthWithNames ? PayloadOptions.MaxDepth : json.MaxDepth;
        return NotWritten(what, steps, isTooDeep ? WrittenPath.TooDeep(limit) : exception.Message, exception);
    }

    private static ToolArgumentException NotWritten(string what, List<object> steps, string reason, Exception? cause)
    {
        var place = steps.Count > 0 ? $" at {WrittenPath.Text(steps)}" : "";
        return new ToolArgumentException($"{what} cannot be written as JSON{place} ({reason})", cause);
    }
}
