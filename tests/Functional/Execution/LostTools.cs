using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that a marked tool which would not be served is named at the start.</summary>
public sealed class LostTools
{
    [PythonTheory]
    [InlineData("defined twice", "Loses.twice in line ")]
    [InlineData("in a list of the class", "marks a partial with @tool, but no variable holds it")]
    public async Task A_marked_tool_that_would_not_be_served_keeps_the_pool_from_starting(string how, string named)
    {
        var failed = await Assert.ThrowsAsync<AdapterException>(() => SnakepitPool.StartAsync(Options(how)).InTime());
        Assert.Contains(named, failed.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task What_may_be_meant_so_is_named_in_a_warning_and_the_rest_is_served(WorkerStart start)
    {
        using var log = new RecordedLog();
        var options = Options("in a list of the instance") with { LoggerFactory = log, WorkerStart = start };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal(["dynamic", "twice"], (await pool.ListToolsAsync().InTime()).Select(tool => tool.Name));
        Assert.Equal(42, await pool.ExecuteAsync<int>("dynamic", new { given = 21 }).InTime());
        var overriding = await log.WaitForLineAsync("Loses.overridden overrides Base.overridden, which is marked @tool");
        Assert.Contains("WARNING", overriding.Message, StringComparison.Ordinal);
        await log.WaitForLineAsync("marks a partial with @tool, but no variable holds it");
    }

    [PythonFact]
    public async Task An_adapter_is_served_beside_protocols_and_typed_dictionaries()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Adapter = "beside_protocols", Workers = 1 }).InTime();
        var arguments = new { name = "Ada", options = new { times = 2 } };
        Assert.Equal("Hello, Ada! Hello, Ada!", await pool.ExecuteAsync<string>("greet", arguments).InTime());
    }

    private static SnakepitOptions Options(string how) => Probe.Options with
    {
        Adapter = "loses_tools",
        Workers = 1,
        EnvironmentVariables = new Dictionary<string, string> { ["HOW"] = how },
    };
}
