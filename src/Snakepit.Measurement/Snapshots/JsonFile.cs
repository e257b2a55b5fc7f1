using System.Text.Json;
using Snakepit.Measurement.Runs;

namespace Snakepit.Measurement.Snapshots;

/// <summary>JSON files whose faults are told by name.</summary>
internal static class JsonFile
{
    /// <exception cref="UnreadableFileException">The file is missing or does not hold a <typeparamref name="T"/>.</exception>
    public static T Read<T>(string path, JsonSerializerOptions format)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableFileException(path, "it does not exist.", exception);
        }

        try
        {
            return JsonSerializer.Deserialize<T>(text, format) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(
                path, $"it is damaged or edited by hand ({exception.Message}) Restore it from version control, or measure again.", exception);
        }
    }
}
