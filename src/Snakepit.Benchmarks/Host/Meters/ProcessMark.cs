using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// An environment variable by which all processes are found that a program or a pool has started, directly or not. They inherit the
/// variable, so they are found even after their parents have ended.
/// </summary>
internal sealed class ProcessMark
{
    private const string Variable = "SNAKEPIT_BENCH_MARK";

    private readonly string _value = Guid.NewGuid().ToString("N");

    /// <summary>Adds the mark to the environment of a program.</summary>
    public void Put(IDictionary<string, string?> environment) => environment[Variable] = _value;

    /// <summary>Returns the options with the mark, which the processes of the pool then have.</summary>
    public SnakepitOptions Put(SnakepitOptions options) => options with
    {
        EnvironmentVariables = new Dictionary<string, string>(options.EnvironmentVariables) { [Variable] = _value },
    };

    /// <summary>Returns the ids of the processes that have the mark and have not ended.</summary>
    public int[] Find() => [.. ProcessFacts.All().Where(Has)];

    /// <summary>Returns false if a process has ended, also if nobody has read its exit code yet.</summary>
    public static bool IsRunning(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X'); // the state follows the name, which is in brackets
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Throws if a process has the mark.</summary>
    /// <param name="of">What the processes belong to.</param>
    public void RequireNone(string of)
    {
        if (Find() is { Length: > 0 } left)
        {
            var all = string.Join(", ", left.Select(process => $"{process} ({ProcessFacts.NameOf(process) ?? "ended just now"})"));
            throw new InvalidOperationException($"{of} has left {left.Length} processes behind: {all}.");
        }
    }

    private bool Has(int process)
    {
        try
        {
            // A process that has ended, and whose exit code nobody has read yet, has no environment.
            return File.ReadAllText($"/proc/{process}/environ").Contains($"{Variable}={_value}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended meanwhile, or belongs to another user
        }
    }
}
