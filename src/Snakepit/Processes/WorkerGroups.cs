namespace Snakepit.Processes;

/// <summary>
/// Removes the control groups of workers that have ended. The workers make their groups themselves
/// (<c>snakepit_worker/process/cgroups.py</c>), and a process cannot remove the group that it is in.
/// </summary>
internal static class WorkerGroups
{
    private const string Prefix = "snakepit-"; // cgroups.py has the same

    /// <summary>
    /// Removes all groups of workers below <paramref name="parent"/> that have no process, also those that other programs have left. The
    /// kernel removes no group that has a process.
    /// </summary>
    public static void RemoveEmpty(string parent)
    {
        string[] groups;
        try
        {
            groups = Directory.GetDirectories(parent, $"{Prefix}*");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // the workers cannot make groups there either, and that is reported
        }

        foreach (var group in groups)
        {
            try
            {
                Directory.Delete(group);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The group has a process, or somebody else has removed it meanwhile.
            }
        }
    }
}
