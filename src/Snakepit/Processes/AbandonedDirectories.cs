namespace Snakepit.Processes;

/// <summary>
/// Removes socket directories whose owner was killed before it could remove them itself. The owner of a directory holds the lock of a file
/// in it for as long as it lives, also if it lives in another container. A directory without that file is left alone.
/// </summary>
internal static class AbandonedDirectories
{
    /// <summary>Removes the abandoned directories of this user in the directory <paramref name="temporary"/>.</summary>
    public static void Remove(string temporary)
    {
        string[] directories;
        try
        {
            directories = Directory.GetDirectories(temporary, $"{SocketDirectory.Prefix}*");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // a new directory cannot be made there either, and that is reported
        }

        foreach (var directory in directories)
        {
            try
            {
                RemoveIfAbandoned(directory);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The directory has no lock file, or another process has removed it meanwhile.
            }
        }
    }

    private static void RemoveIfAbandoned(string directory)
    {
        var lockPath = Path.Combine(directory, SocketDirectory.LockName);
        if (FileFacts.Of(directory) is not { IsOwnDirectory: true } || !File.Exists(lockPath))
        {
            return;
        }

        using var file = File.OpenHandle(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // The file at the path may be another one by now, which the owner of a new directory with the same name has locked. Nobody removes
        // the directory while this process holds the lock of its file.
        if (!FileFacts.TryLock(file) || FileFacts.Of(file)?.Identity != FileFacts.Of(lockPath)?.Identity)
        {
            return;
        }

        var files = Directory.GetFileSystemEntries(directory);
        if (files.All(path => path == lockPath || path.EndsWith(".sock", StringComparison.Ordinal)))
        {
            Array.ForEach(files, File.Delete);
            Directory.Delete(directory);
        }
    }
}
