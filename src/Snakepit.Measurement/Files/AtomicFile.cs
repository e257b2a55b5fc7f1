namespace Snakepit.Measurement.Files;

/// <summary>Files that are replaced whole or not at all, so that a full disk or a crash costs nothing that was accepted.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the target and renames over it; makes its folder if need be.</summary>
    public static void Write(string path, string content)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, content);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
