namespace Snakepit.Tests.Functional.Support;

/// <summary>A disk without space, where a file is to be replaced.</summary>
internal static class FullDisk
{
    /// <summary>Whatever <see cref="Snakepit.Measurement.Files.AtomicFile"/> writes in this process to replace that file goes to a device that is always full.</summary>
    public static void Before(string path) => File.CreateSymbolicLink($"{path}.{Environment.ProcessId}.tmp", "/dev/full");
}
