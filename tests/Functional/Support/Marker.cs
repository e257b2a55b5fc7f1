namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// A file by which a tool and a test synchronise. A tool writes the file to report that it has reached a point that the test waits for;
/// or the test writes it to let a tool go on that waits for it (a "gate"). The file is in a temporary directory of its own, which is
/// deleted when the test ends.
/// </summary>
internal sealed class Marker : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("probe-").FullName;

    public string Path => At("marker");

    public bool IsWritten => File.Exists(Path);

    /// <summary>The path of another file in the same directory, for tests that need several.</summary>
    public string At(string name) => System.IO.Path.Combine(_directory, name);

    /// <summary>Waits until a tool has written the file, and returns its text.</summary>
    public Task<string> WrittenAsync(string name = "marker") => WrittenAtAsync(At(name));

    /// <summary>Writes the file, so that a tool that waits for it goes on.</summary>
    public void Write() => File.WriteAllText(Path, "");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<string> WrittenAtAsync(string path)
    {
        await Eventually.True(() => File.Exists(path), $"the tool has written {path}");
        return await File.ReadAllTextAsync(path);
    }
}
