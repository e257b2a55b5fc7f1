namespace Snakepit.Processes;

/// <summary>The working directory of this program, which may be deleted while the program runs.</summary>
internal static class WorkingDirectory
{
    /// <summary>The path; null if the directory was deleted.</summary>
    public static string? Current
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>A directory that exists, for processes that cannot start in the one that was deleted.</summary>
    public static string Fallback => Directory.Exists(AppContext.BaseDirectory) ? AppContext.BaseDirectory : "/";
}
