namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// A file with which a tool and a test wait for each other. A tool writes the file to report that it has reached a certain point. Or a test
/// writes the file to let a waiting tool go on; the tests then call the file a "gate". The file is in a temporary directory of its own,
/// which is deleted when the test ends.
/// </summary>
internal sealed class Marker : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("probe-").FullName;

    public string Path => At("marker");

    public bool IsWritten => File.Exists(Path);

    /// <summary>Returns the path of another file in the same directory, for tests that need several files.</summary>
    public string At(string name) => System.IO.Path.Combine(_directory, name);

    /// <summary>Waits until a tool has written the file <paramref name="name"/>, and returns the text of the file.</summary>
    public Task<string> WrittenAsync(string name = "marker") => WrittenAtAsync(At(name));

    /// <summary>Writes the marker file, so that a tool that waits for this file goes on.</summary>
    public void Write() => File.WriteAllText(Path, "");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<string> WrittenAtAsync(string path)
    {
        await Eventually.True(() => File.Exists(path), $"the tool has written {path}");
        return await File.ReadAllTextAsync(path);
    }
}
