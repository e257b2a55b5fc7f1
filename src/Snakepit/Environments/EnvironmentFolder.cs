using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>The folder of an environment in the cache. It is used only when it has a file that its maker writes last.</summary>
/// <param name="Path">The path of the folder. An environment cannot be moved: its programs name this path.</param>
internal sealed record EnvironmentFolder(string Path)
{
    private const string MarkerName = "made-by-snakepit";

    public string Interpreter => System.IO.Path.Combine(Path, "bin", "python3");

    /// <summary>The file that a maker locks. It lies beside the folder, which a maker removes.</summary>
    public string LockPath => $"{Path}.lock";

    private string Marker => System.IO.Path.Combine(Path, MarkerName);

    /// <summary>Whether the environment was made completely, and its interpreter, a link to another one, still exists.</summary>
    public bool IsReady => File.Exists(Marker) && FileFacts.IsFile(Interpreter);

    /// <summary>A directory for what pip needs for a while. It lies in the folder, so that it is removed together with it.</summary>
    public string TemporaryDirectory => System.IO.Path.Combine(Path, "tmp");

    /// <summary>Makes the folder anew, with nothing in it but the directory for temporary files.</summary>
    public void Begin()
    {
        Remove();
        Directory.CreateDirectory(TemporaryDirectory);
    }

    /// <summary>Says that the environment is complete.</summary>
    /// <param name="requirements">The path of its requirements file, for those who look into the cache.</param>
    public void MarkReady(string requirements)
    {
        Directory.Delete(TemporaryDirectory, recursive: true);
        File.WriteAllText(Marker, $"{requirements}\n");
    }

    /// <summary>Removes what was made, as far as that is possible. The next maker removes the rest.</summary>
    public void Abandon()
    {
        try
        {
            Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The caller tells why the environment was not made, which matters more. Without a marker, nobody uses what is left.
        }
    }

    /// <summary>Removes the folder, the marker first, so that nobody takes what is left of it for complete.</summary>
    private void Remove()
    {
        if (Directory.Exists(Path))
        {
            File.Delete(Marker);
            Directory.Delete(Path, recursive: true);
        }
    }
}
