using System.Text.Json;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Runs;

/// <summary>Stores runs on disk. Each run has a folder, which holds its <c>result.json</c> and <c>report.md</c>.</summary>
/// <param name="directory">The folder that contains the folders of all runs.</param>
public sealed class RunStore(string directory)
{
    private const string ResultFile = "result.json";

    /// <summary>Returns the path of the folder of a run.</summary>
    public string DirectoryOf(string id) => Path.Combine(directory, id);

    /// <summary>Writes the result of a run into its folder, and returns the path of the file.</summary>
    public string Save(RunResult run)
    {
        var path = Path.Combine(DirectoryOf(run.Id), ResultFile);
        SaveAs(run, path);
        return path;
    }

    /// <summary>Writes the result of a run to any path.</summary>
    public static void SaveAs(RunResult run, string path) => AtomicFile.Write(path, JsonSerializer.Serialize(run, JsonFile.Format) + "\n");

    /// <summary>Reads the result of a run.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, or has another version of the format.</exception>
    public static RunResult Load(string path) => Parse(JsonFile.Read(path), path);

    /// <summary>Parses the text of a result file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <exception cref="UnreadableFileException">The text is damaged, or has another version of the format.</exception>
    public static RunResult Parse(string text, string path) => JsonFile.Parse<RunResult>(text, path, RunResult.CurrentSchema);

    /// <summary>Returns the paths of the result files of all runs, newest first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory)
            .Select(run => Path.Combine(run, ResultFile))
            .Where(File.Exists)
            .OrderDescending(StringComparer.Ordinal)]
        : [];
}
