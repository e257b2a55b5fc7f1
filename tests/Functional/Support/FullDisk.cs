namespace Snakepit.Tests.Functional.Support;

/// <summary>Simulates a full disk for one file.</summary>
internal static class FullDisk
{
    /// <summary>
    /// Makes the next atomic replacement of the file at <paramref name="path"/> by this process fail for lack of space. A replacement first
    /// writes a temporary file. At the path of the temporary file, this method creates a link to <c>/dev/full</c>, a device that accepts no
    /// bytes.
    /// </summary>
    public static void Before(string path) => File.CreateSymbolicLink($"{path}.{Environment.ProcessId}.tmp", "/dev/full");
}
