namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Finds all processes that a pool has started, directly or not. The processes inherit an environment variable whose value is unique to the
/// pool, so the test finds them even after their parents have ended.
/// </summary>
internal sealed class ProcessTrace
{
    private const string Variable = "SNAKEPIT_TEST_TRACE";

    private readonly string _value = Guid.NewGuid().ToString("N");

    /// <summary>Returns the options with the environment variable added, for a pool whose processes the test looks for.</summary>
    public SnakepitOptions Tag(SnakepitOptions options) => options with
    {
        EnvironmentVariables = new Dictionary<string, string>(options.EnvironmentVariables) { [Variable] = _value },
    };

    /// <summary>Sets the environment variable for a program whose processes the test looks for.</summary>
    public void Tag(IDictionary<string, string?> environment) => environment[Variable] = _value;

    /// <summary>Returns the ids of the running traced processes. Zombies are not found, because they have no environment.</summary>
    public int[] Alive() => [.. OsProcess.All().Where(Carries)];

    /// <summary>Fails the test if a traced process is still running.</summary>
    public void AssertNothingIsLeft()
    {
        var alive = Alive();
        Assert.True(alive.Length == 0, $"Still alive: {string.Join("; ", alive.Select(OsProcess.Describe))}");
    }

    /// <summary>Waits until no traced process is running. If a process remains, the failure of the test describes this process.</summary>
    public async Task WaitUntilNothingIsLeft(TimeSpan? within = null)
    {
        try
        {
            await Eventually.True(() => Alive().Length == 0, "all processes have ended", within);
        }
        finally
        {
            AssertNothingIsLeft();
        }
    }

    private bool Carries(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains($"{Variable}={_value}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // the process has ended meanwhile, or belongs to another user
        }
    }
}
