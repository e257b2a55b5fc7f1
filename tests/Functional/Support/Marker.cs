namespace Snakepit.Tests.Functional.Support;

/// <summary>A file by which a tool and a test tell each other how far they are; its directory goes when the test ends.</summary>
internal sealed class Marker : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("probe-").FullName;

    public string Path => At("marker");

    public bool IsWritten => File.Exists(Path);

    /// <summary>Another file in the same directory.</summary>
    public string At(string name) => System.IO.Path.Combine(_directory, name);

    /// <summary>What the tool has written, once it has.</summary>
    public Task<string> WrittenAsync(string name = "marker") => WrittenAtAsync(At(name));

    /// <summary>Opens a gate that a tool waits at.</summary>
    public void Write() => File.WriteAllText(Path, "");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<string> WrittenAtAsync(string path)
    {
        await Eventually.True(() => File.Exists(path), $"the tool has written {path}");
        return await File.ReadAllTextAsync(path);
    }
}
