using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests signal handlers that raise. In code of a tool they do what they do in any Python program. While the worker itself runs, what they
/// raise is logged, and all calls go on.
/// </summary>
public abstract class RaisingHandlers<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("LookupError", WorkerStart.Fork, 1, "")]
    [InlineData("SystemExit", WorkerStart.Spawn, 1, "")]
    [InlineData("KeyboardInterrupt", WorkerStart.Fork, 1, "1")]
    [InlineData("LookupError", WorkerStart.Fork, 3, "1")]
    [InlineData("BaseException", WorkerStart.Spawn, 3, "1")]
    public async Task What_a_handler_raises_while_the_worker_waits_is_logged_and_the_worker_goes_on(
        string kind, WorkerStart start, int capacity, string hasAsyncTools)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options(start, capacity, hasAsyncTools, log)).InTime();
        var worker = await pool.ExecuteAsync<int>("pid").InTime();
        for (var round = 0; round < 3; round++)
        {
            await pool.ExecuteAsync("alarm", new { kind, seconds = 0.05, interval = 0.0 }).InTime();
            await Task.Delay(100);
            await Eventually.True(
                () => pool.ExecuteAsync<int>("alarms").Result > round, "the handler has run");
        }

        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
        await log.WaitForLineAsync($"{kind}: raised in the handler");
        await log.WaitForLineAsync("in handler");
    }

    [PythonTheory]
    [InlineData("LookupError", WorkerStart.Fork, 1, "")]
    [InlineData("SystemExit", WorkerStart.Fork, 1, "1")]
    [InlineData("KeyboardInterrupt", WorkerStart.Spawn, 3, "1")]
    public async Task Calls_of_others_are_answered_rightly_while_a_handler_raises_every_millisecond(
        string kind, WorkerStart start, int capacity, string hasAsyncTools)
    {
        using var log = new RecordedLog();
        var pool = await SnakepitPool.StartAsync(Options(start, capacity, hasAsyncTools, log)).InTime();
        var worker = await pool.ExecuteAsync<int>("pid").InTime();
        await pool.ExecuteAsync("alarm", new { kind, seconds = 0.001, interval = 0.001 }).InTime();
        var value = Enumerable.Range(0, 100_000).ToArray();
        var answered = 0;
        for (var round = 0; round < 20; round++)
        {
            // A tool's own code may be interrupted, and its call fails then.
            string[] tools = hasAsyncTools.Length > 0 ? ["echo", "echo_later"] : ["echo"];
            await Task.WhenAll(tools.Select(tool => OrRaised(async () =>
            {
                Assert.Equal(value, await pool.ExecuteAsync<int[]>(tool, new { value }).InTime());
                Interlocked.Increment(ref answered);
            })));
            await OrRaised(async () =>
                Assert.Equal(Enumerable.Range(0, 20), await pool.StreamAsync<int>("count", new { to = 20 }).ToListAsync().InTime()));
        }

        await OrRaised(async () => Assert.Equal(7, await pool.ExecuteAsync<int>("ask").InTime()));
        while (!await OrRaised(() => pool.ExecuteAsync("silence").InTime()))
        {
        }

        Assert.InRange(answered, 1, int.MaxValue);
        Assert.True(await pool.ExecuteAsync<int>("alarms").InTime() > 20);
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
        await pool.DisposeAsync().InTime();

        async Task<bool> OrRaised(Func<Task> call)
        {
            try
            {
                await call();
                return true;
            }
            catch (PythonException raised) when (raised.PythonType == kind)
            {
                return false;
            }
        }
    }

    [PythonTheory]
    [InlineData("LookupError", WorkerStart.Fork, 1, "")]
    [InlineData("SystemExit", WorkerStart.Spawn, 1, "")]
    [InlineData("KeyboardInterrupt", WorkerStart.Fork, 1, "1")]
    [InlineData("BaseException", WorkerStart.Fork, 3, "1")]
    public async Task What_a_handler_raises_in_the_code_of_a_tool_is_raised_there(
        string kind, WorkerStart start, int capacity, string hasAsyncTools)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options(start, capacity, hasAsyncTools, log)).InTime();
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(kind, await pool.ExecuteAsync<string>("interrupted", new { kind }).InTime());
        }

        Assert.Equal(0, pool.GetStatistics().Restarts);
        Assert.DoesNotContain(log.Records, record => record.Message.Contains("ERROR", StringComparison.Ordinal));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_whose_handler_raises_all_the_time_is_ready_and_ends_in_order(WorkerStart start)
    {
        using var log = new RecordedLog();
        var options = Options(start, 3, "1", log);
        var variables = new Dictionary<string, string>(options.EnvironmentVariables) { ["ALARM_IN_START"] = "LookupError" };
        var pool = await SnakepitPool.StartAsync(options with { EnvironmentVariables = variables }).InTime();
        await Eventually.True(() => pool.ExecuteAsync<int>("alarms").Result > 20, "the handler has run often");
        await pool.DisposeAsync().InTime();
        Assert.Equal(0, pool.GetStatistics().Restarts);
        Assert.DoesNotContain(log.Records, record => record.Message.Contains("has failed", StringComparison.Ordinal));
    }

    private static SnakepitOptions Options(WorkerStart start, int capacity, string hasAsyncTools, RecordedLog log) => Probe.Over<T>() with
    {
        Adapter = "raises_in_handlers",
        Workers = 1,
        WorkerStart = start,
        MaxConcurrentCallsPerWorker = capacity,
        LoggerFactory = log,
        HostTools = new Dictionary<string, HostTool>
        {
            ["slow"] = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
            {
                await Task.Delay(200, cancellationToken);
                return 7;
            }),
        },
        EnvironmentVariables = new Dictionary<string, string> { ["HAS_ASYNC_TOOLS"] = hasAsyncTools },
    };
}

public sealed class RaisingHandlersOverGrpc : RaisingHandlers<OverGrpc>;

public sealed class RaisingHandlersOverDirect : RaisingHandlers<OverDirect>;
