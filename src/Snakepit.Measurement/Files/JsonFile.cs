using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Files;

/// <summary>Reads JSON files strictly. Every error message names the file, what is wrong with it, and what to do about it.</summary>
internal static class JsonFile
{
    /// <summary>The options with which this project writes JSON, and reads it strictly.</summary>
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        // The files are read by people and compared by git, and never become part of a web page, so no character needs to be escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // An unknown or repeated property name is an error. If it were ignored, nobody would notice a misspelt rule or target.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private const string Remedy = "Restore it from version control, or measure again.";

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="UnreadableFileException">The file does not exist, or is a folder.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableFileException(path, "it is a folder. Name a file in it.");
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableFileException(path, "it does not exist.", exception);
        }
    }

    /// <summary>Parses the text of a JSON file that must have the expected version of the format.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <param name="schema">The only version of the format that is accepted.</param>
    /// <param name="format">The options with which the file was written. Default: null, <see cref="Format"/>.</param>
    /// <exception cref="UnreadableFileException">
    /// The text has another version of the format, or is not a valid <typeparamref name="T"/>.
    /// </exception>
    public static T Parse<T>(string text, string path, int schema, JsonSerializerOptions? format = null)
    {
        try
        {
            // The version is checked first: for a file of another version, the message "wrong schema" says more than "unknown property".
            RequireSchema(text, path, schema);
            return JsonSerializer.Deserialize<T>(text, format ?? Format) ?? throw new JsonException("It holds null.");
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
