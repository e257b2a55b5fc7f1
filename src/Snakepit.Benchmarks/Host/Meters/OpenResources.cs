namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>The open files and the threads of a process at one moment, by their names, so that what is left over can be named.</summary>
/// <param name="Descriptors">What each file descriptor points at, such as <c>socket:[4711]</c>.</param>
/// <param name="Threads">The id and the name of each thread.</param>
internal sealed record OpenResources(IReadOnlyList<string> Descriptors, IReadOnlyList<string> Threads)
{
    /// <summary>Reads the open files and the threads of a process.</summary>
    public static OpenResources Of(int process) => new(
        [.. new DirectoryInfo($"/proc/{process}/fd").GetFiles().Select(file => file.LinkTarget).OfType<string>()],
        [.. Directory.GetDirectories($"/proc/{process}/task").Select(NameOf).OfType<string>()]);

    /// <summary>Throws if these are not exactly the open files and threads of an earlier reading.</summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <param name="who">The process, for the message.</param>
    public void RequireSame(OpenResources earlier, string who)
    {
        string[] differences =
        [
            .. Difference(Descriptors, earlier.Descriptors, "has left open"), .. Difference(earlier.Descriptors, Descriptors, "has closed"),
            .. Difference(Threads, earlier.Threads, "has left the thread"), .. Difference(earlier.Threads, Threads, "has lost the thread"),
        ];
        if (differences.Length > 0)
        {
            throw new InvalidOperationException($"After the load, {who} {string.Join(", and ", differences)}.");
        }
    }

    /// <summary>Returns the id and the name of a thread; null if it has ended since it was listed.</summary>
    private static string? NameOf(string task)
    {
        try
        {
            return $"{Path.GetFileName(task)} {File.ReadAllText(Path.Combine(task, "comm")).Trim()}";
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Tells each name of which there are more in <paramref name="all"/> than in <paramref name="known"/>.</summary>
    private static IEnumerable<string> Difference(IReadOnlyList<string> all, IReadOnlyList<string> known, string what) =>
        all.CountBy(name => name)
            .Select(pair => (Name: pair.Key, More: pair.Value - known.Count(name => name == pair.Key)))
            .Where(pair => pair.More > 0)
            .Select(pair => pair.More == 1 ? $"{what} {pair.Name}" : $"{what} {pair.Name} ({pair.More} times)");
}
