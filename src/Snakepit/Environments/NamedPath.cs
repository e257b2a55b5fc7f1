using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>Finds the files and folders that an option names.</summary>
internal static class NamedPath
{
    /// <summary>
    /// Returns the absolute path. A relative one is looked for in the working directory, then in the program's directory; if it is in
    /// neither, the result is the first of both.
    /// </summary>
    public static string Find(string named)
    {
        string[] places = WorkingDirectory.Current is { } current ? [current, AppContext.BaseDirectory] : [AppContext.BaseDirectory];
        var candidates = Array.ConvertAll(places, place => Path.GetFullPath(named, place));
        return candidates.FirstOrDefault(Path.Exists) ?? candidates[0];
    }
}
