namespace Snakepit.Measurement.Files;

/// <summary>Replaces files atomically: if the program crashes or the disk is full, the file still has its old content.</summary>
public static class AtomicFile
{
    /// <summary>Writes a temporary file beside the target and renames it over the target. Missing folders are created.</summary>
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
