namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Finds every process that comes from one pool, whoever its parent is by now: they all inherit a variable that only this pool sets.
/// </summary>
internal sealed class ProcessTrace
{
    private const string Variable = "SNAKEPIT_TEST_TRACE";

    private readonly string _value = Guid.NewGuid().ToString("N");

    /// <summary>The same options, for a pool whose processes can be found.</summary>
    public SnakepitOptions On(SnakepitOptions options) => options with
    {
        EnvironmentVariables = new Dictionary<string, string>(options.EnvironmentVariables) { [Variable] = _value },
    };

    public void On(IDictionary<string, string?> environment) => environment[Variable] = _value;

    /// <summary>The processes that are alive now; a zombie has no environment any more and does not count.</summary>
    public int[] Alive() => [.. OsProcess.All().Where(Carries)];

    public void AssertNothingIsLeft()
    {
        var alive = Alive();
        Assert.True(alive.Length == 0, $"Still alive: {string.Join("; ", alive.Select(OsProcess.Describe))}");
    }

    public async Task NothingIsLeft(TimeSpan? within = null)
    {
        try
        {
            await Eventually.True(() => Alive().Length == 0, "all processes are gone", within);
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
            return false; // it ended meanwhile, or is somebody else's
        }
    }
}
