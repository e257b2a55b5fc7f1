using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Runs;

/// <summary>Stores runs on disk. Each run has a folder, which holds its <c>result.json</c> and <c>report.md</c>.</summary>
/// <param name="directory">The folder that contains the folders of all runs.</param>
public sealed partial class RunStore(string directory)
{
    private const string ResultFile = "result.json";

    // A value that is not a number makes its metric broken. The file must be able to hold it, so that the verdict can be looked at.
    private static readonly JsonSerializerOptions Format =
        new(JsonFile.Format) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Returns the path of the folder of a run.</summary>
    public string DirectoryOf(string id) => Path.Combine(directory, id);

    /// <summary>Returns the path of the file to which <see cref="Save"/> writes the result of a run.</summary>
    public string PathOf(RunResult run) => Path.Combine(DirectoryOf(run.Id), ResultFile);

    /// <summary>Writes the result of a run into its folder, and returns the path of the file.</summary>
    public string Save(RunResult run)
    {
        var path = PathOf(run);
        SaveAs(run, path);
        return path;
    }

    /// <summary>Writes the result of a run to any path.</summary>
    public static void SaveAs(RunResult run, string path) => AtomicFile.Write(path, JsonSerializer.Serialize(run, Format) + "\n");

    /// <summary>
    /// Checks, before anything is measured, that <see cref="SaveAs"/> will be able to write a file, and will replace nothing but an earlier
    /// result or an empty file.
    /// </summary>
    /// <exception cref="IOException">The path names a folder, or its folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    /// <exception cref="UnreadableFileException">The file holds something else than a result.</exception>
    public static void RequireWritable(string path)
    {
        AtomicFile.RequireWritable(path);
        if (!File.Exists(path) || FileType.IsSpecial(path) || File.ReadAllText(path) is not { Length: > 0 } text)
        {
            return;
        }

        try
        {
            Parse(text, path);
        }
        catch (UnreadableFileException exception)
        {
            throw new UnreadableFileException(
                path, "it is not the result of a run, so no result replaces it. Name another file, or remove this one first.", exception);
        }
    }

    /// <summary>Reads the result of a run.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, or has another version of the format.</exception>
    public static RunResult Load(string path) => Parse(JsonFile.Read(path), path);

    /// <summary>Parses the text of a result file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <exception cref="UnreadableFileException">
    /// The text is damaged, has another version of the format, or names something twice.
    /// </exception>
    public static RunResult Parse(string text, string path)
    {
        var run = JsonFile.Parse<RunResult>(text, path, RunResult.CurrentSchema, Format);
        return run.NamedTwice is { } name
            ? throw new UnreadableFileException(path, $"it names {name} twice, so that nothing tells which of the two counts.")
            : run;
    }

    /// <summary>
    /// Deletes the folders of all runs except the newest <paramref name="kept"/>. Other folders, whose names are not those of runs, stay.
    /// </summary>
    /// <param name="kept">How many folders stay.</param>
    /// <param name="current">The name of a run that stays too, whatever the clock was when the others were named.</param>
    public void Prune(int kept, string current)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var run in NewestFirst().Where(path => Path.GetFileName(path) != current).Skip(kept).ToList())
        {
            Directory.Delete(run, recursive: true);
        }
    }

    /// <summary>Returns the paths of the result files of all runs, the newest run first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(directory)
        ? [.. NewestFirst().Select(run => Path.Combine(run, ResultFile)).Where(File.Exists)]
        : [];

    // The name of a run says when it began. The times of its files do not: whoever copies the folder sets them anew. A run that is named
    // after a time to come was made while a clock was wrong. It counts as the oldest, so that it never hides or removes a later one.
    private IEnumerable<string> NewestFirst()
    {
        var now = RunResult.IdAt(TimeProvider.System.GetUtcNow());
        return Directory.EnumerateDirectories(directory)
            .Where(path => RunName().IsMatch(Path.GetFileName(path)))
            .OrderBy(path => string.CompareOrdinal(Path.GetFileName(path), now) > 0)
            .ThenByDescending(Path.GetFileName, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{6}Z\z")]
    private static partial Regex RunName();
}
