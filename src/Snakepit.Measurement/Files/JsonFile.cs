using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Files;

/// <summary>Reads JSON files strictly. Every error names the file, what is wrong with it, and what to do about it.</summary>
internal static class JsonFile
{
    /// <summary>How this project writes JSON, and how strictly it reads it.</summary>
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // An unknown or repeated name is an error. Otherwise a misspelt rule or target would be ignored, and nobody would notice.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private const string Remedy = "Restore it from version control, or measure again.";

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="UnreadableFileException">The file does not exist.</exception>
    public static string Read(string path)
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

    /// <summary>Parses a text of the expected schema.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The file, for error messages.</param>
    /// <param name="schema">The only version of the format that is accepted.</param>
    /// <exception cref="UnreadableFileException">The text has another schema, or is not a <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string text, string path, int schema)
    {
        try
        {
            // The schema comes first: for a file of another version, "wrong schema" says more than "unknown property".
            RequireSchema(text, path, schema);
            return JsonSerializer.Deserialize<T>(text, Format) ?? throw new JsonException("It holds null.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UnreadableFileException(path, $"it is damaged, or was edited by hand ({exception.Message}) {Remedy}", exception);
        }
    }

    private static void RequireSchema(string text, string path, int schema)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("schema", out var found))
        {
            throw new JsonException("It has no schema.");
        }

        if (!found.TryGetInt32(out var number) || number != schema)
        {
            throw new UnreadableFileException(path, $"it has schema {found}, and this version reads schema {schema}. {Remedy}");
        }
    }
}
