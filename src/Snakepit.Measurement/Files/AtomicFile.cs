namespace Snakepit.Measurement.Files;

/// <summary>
/// Replaces files atomically: if the program crashes or the disk is full, the file still has its old content. If the path is a link, the
/// file that it leads to is replaced. A device or a pipe, such as <c>/dev/stdout</c>, is written to.
/// </summary>
public static class AtomicFile
{
    /// <summary>Checks, before hours of work, that <see cref="Write"/> will be able to write a file.</summary>
    /// <exception cref="IOException">The path names a folder, or its folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public static void RequireWritable(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(full))
        {
            throw new IOException($"{full} is a folder. Name a file in it.");
        }

        if (FileType.IsSpecial(full))
        {
            return;
        }

        full = WithoutLinks(full);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var probe = $"{full}.{Environment.ProcessId}.probe";
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    /// <summary>Writes a temporary file beside the target and renames it over the target. Missing folders are created.</summary>
    public static void Write(string path, string content)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full) && FileType.IsSpecial(full))
        {
            File.WriteAllText(full, content); // a new file must not take the place of a device, which other programs need
            return;
        }

        full = WithoutLinks(full);
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

    private static string WithoutLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
