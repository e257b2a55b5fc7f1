using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Writes the files of a run, each on its own: if one of them cannot be written, because its disk is full or it is in a folder of somebody
/// else, the others are written all the same.
/// </summary>
internal sealed class OutputFiles
{
    private readonly List<string> _written = [];
    private readonly List<string> _problems = [];

    /// <summary>The paths of the files that were written.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>A sentence for each file that could not be written.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="write">Writes the file to the path that it is called with.</param>
    public void Write(string path, Action<string> write)
    {
        try
        {
            write(path);
            _written.Add(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UnreadableFileException)
        {
            _problems.Add($"The results could not be written: {path}: {exception.Message}");
        }
    }
}
