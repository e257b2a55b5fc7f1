using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// Finds the memory files in which pools share arrays with their workers. Such a file exists as long as a process has it mapped.
/// </summary>
internal static class MappedFiles
{
    private const string Name = "/memfd:snakepit";
    private const int Inode = 4; // the position of the field in a line of /proc/PID/maps

    /// <summary>Returns the inodes of the memory files of pools that a process has mapped; none if it has ended.</summary>
    public static IReadOnlySet<string> Of(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/maps")
                .Where(line => line.Contains(Name, StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[Inode])
                .ToHashSet();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new HashSet<string>(); // it has ended meanwhile, or belongs to another user
        }
    }

    /// <summary>Throws if a process has one of these memory files mapped.</summary>
    /// <param name="inodes">The inodes of the files.</param>
    /// <param name="of">What the files belong to.</param>
    public static void RequireNone(IReadOnlySet<string> inodes, string of)
    {
        if (ProcessFacts.All().FirstOrDefault(process => Of(process).Overlaps(inodes)) is var holder and not 0)
        {
            throw new InvalidOperationException($"The shared memory of {of} is still mapped by process {holder}.");
        }
    }
}
