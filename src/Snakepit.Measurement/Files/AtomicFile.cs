namespace Snakepit.Measurement.Files;

/// <summary>Replaces files atomically: if the program crashes or the disk is full, the file still has its old content.</summary>
public static class AtomicFile
{
    /// <summary>Checks, before hours of work, that <see cref="Write"/> will be able to write a file.</summary>
    /// <exception cref="IOException">The path names a folder, or its folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public static void RequireWritable(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"{full} is a folder. Name a file in it.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var probe = $"{full}.{Environment.ProcessId}.probe";
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

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
