using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Files;

/// <summary>JSON files whose faults are told by name.</summary>
internal static class JsonFile
{
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // A misspelt or doubled name would silently be no rule, no target, no ratio.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private const string Remedy = "Restore it from version control, or measure again.";

    /// <exception cref="UnreadableFileException">The file is missing.</exception>
    public static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableFileException(path, "it does not exist.", exception);
        }
    }

    /// <exception cref="UnreadableFileException">The text is not a <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string text, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Format) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException exception)
        {
            throw Damaged(path, exception);
        }
    }

    /// <summary>Refuses another version of a format before anything else is read of it.</summary>
    /// <exception cref="UnreadableFileException">The text is no JSON object, or of another schema.</exception>
    public static void RequireSchema(string text, string path, int schema)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("schema", out var found))
            {
                throw new JsonException("It has no schema.");
            }

            if (!found.TryGetInt32(out var number) || number != schema)
            {
                throw new UnreadableFileException(path, $"it has schema {found}, and this version reads {schema}. {Remedy}");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Damaged(path, exception);
        }
    }

    private static UnreadableFileException Damaged(string path, Exception exception) =>
        new(path, $"it is damaged or edited by hand ({exception.Message}) {Remedy}", exception);
}
