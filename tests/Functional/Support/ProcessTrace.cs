namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Finds all processes that a pool or a program has started, directly or not. The test gives the pool or the program an environment
/// variable with a unique value. The processes inherit the variable, so the test finds them even after their parents have ended.
/// </summary>
internal sealed class ProcessTrace
{
    private const string Variable = "SNAKEPIT_TEST_TRACE";

    private readonly string _value = Guid.NewGuid().ToString("N");

    /// <summary>Returns the options with the environment variable added, so that the test finds the processes of the pool.</summary>
    public SnakepitOptions Tag(SnakepitOptions options) => options with
    {
        EnvironmentVariables = new Dictionary<string, string>(options.EnvironmentVariables) { [Variable] = _value },
    };

    /// <summary>Adds the variable to the environment of a program, so that the test finds the program and its processes.</summary>
    public void Tag(IDictionary<string, string?> environment) => environment[Variable] = _value;

    /// <summary>
    /// Returns the ids of the running processes that have the environment variable, except keepers: the processes above spawned
    /// workers. Zombies have no environment.
    /// </summary>
    public int[] Alive() => [.. AliveWithKeepers().Where(pid => OsProcess.NameOf(pid) != "snakepit-keeper")];

    /// <summary>Fails the test if a process that has the environment variable is still running.</summary>
    public void AssertNothingIsLeft()
    {
        var alive = AliveWithKeepers();
        Assert.True(alive.Length == 0, $"Still alive: {string.Join("; ", alive.Select(OsProcess.Describe))}");
    }

    /// <summary>
    /// Waits until no process that has the environment variable is running. If processes remain, fails the test with a message that
    /// describes them.
    /// </summary>
    public async Task WaitUntilNothingIsLeft(TimeSpan? within = null)
    {
        try
        {
            await Eventually.True(() => AliveWithKeepers().Length == 0, "all processes have ended", within);
        }
        finally
        {
            AssertNothingIsLeft();
        }
    }

    private int[] AliveWithKeepers() => [.. OsProcess.All().Where(Carries)];

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
