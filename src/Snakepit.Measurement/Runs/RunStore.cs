using System.Text.Json;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Runs;

/// <summary>Runs on disk: a folder each, with <c>result.json</c> and <c>report.md</c>.</summary>
/// <param name="directory">The folder of the runs' folders.</param>
public sealed class RunStore(string directory)
{
    private const string ResultFile = "result.json";

    /// <summary>The folder of a run.</summary>
    public string DirectoryOf(string id) => Path.Combine(directory, id);

    /// <summary>Writes a run into its folder and returns the file's path.</summary>
    public string Save(RunResult run)
    {
        var path = Path.Combine(DirectoryOf(run.Id), ResultFile);
        SaveAs(run, path);
        return path;
    }

    /// <summary>Writes a run to a file of the caller's choice.</summary>
    public static void SaveAs(RunResult run, string path) => AtomicFile.Write(path, JsonSerializer.Serialize(run, JsonFile.Format) + "\n");

    /// <summary>Reads a run.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, or of another schema.</exception>
    public static RunResult Load(string path) => Parse(JsonFile.Text(path), path);

    /// <summary>Reads a run from a text.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <exception cref="UnreadableFileException">It is damaged, or of another schema.</exception>
    public static RunResult Parse(string text, string path)
    {
        JsonFile.RequireSchema(text, path, RunResult.CurrentSchema);
        return JsonFile.Parse<RunResult>(text, path);
    }

    /// <summary>The result files of all runs, newest first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory)
            .Select(run => Path.Combine(run, ResultFile))
            .Where(File.Exists)
            .OrderDescending(StringComparer.Ordinal)]
        : [];
}
