using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that what a tool logs with its context reaches the host's log, whatever the adapter does to Python's logging.</summary>
public sealed class ToolLogs
{
    [PythonTheory]
    [InlineData("nothing")]
    [InlineData("dictConfig disables existing loggers")]
    [InlineData("logging.disable")]
    [InlineData("basicConfig with force")]
    [InlineData("a console handler of the root logger")]
    [InlineData("a console handler of the tools' logger")]
    [InlineData("a printing handler of the root logger")]
    [InlineData("handlers removed and the level raised")]
    [InlineData("a logger class that drops everything")]
    [InlineData("propagation off")]
    [InlineData("levels of the logger above")]
    [InlineData("a handler with a closed stream")]
    [InlineData("standard error replaced")]
    public async Task What_a_tool_logs_reaches_the_host_once_and_with_its_level_however_the_adapter_configures_logging(string how)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            var lines = await LogAsync(how, start);
            Assert.Equal(["INFO snakepit.tool: an info line"], lines.Where(line => Holds(line, "info line")));
            Assert.Equal(["WARNING snakepit.tool: a warning line"], lines.Where(line => Holds(line, "a warning line")));
            Assert.Equal(["ERROR snakepit.tool: an error line"], lines.Where(line => Holds(line, "an error line")));
            Assert.Contains("ValueError: a reason", lines);
        }
    }

    [PythonFact]
    public async Task A_level_below_info_that_the_adapter_sets_for_all_loggers_holds_for_tools_too()
    {
        var lines = await LogAsync("root at DEBUG", WorkerStart.Fork);
        Assert.Equal(["DEBUG snakepit.tool: a debug line"], lines.Where(line => Holds(line, "debug line")));
    }

    [PythonFact]
    public async Task A_level_that_the_adapter_sets_for_the_logger_of_its_tools_holds()
    {
        var lines = await LogAsync("own level ERROR", WorkerStart.Fork);
        Assert.DoesNotContain(lines, line => Holds(line, "a warning line"));
        Assert.Contains("ERROR snakepit.tool: an error line", lines);
    }

    [PythonFact]
    public async Task What_a_tool_logs_reaches_the_host_although_the_tool_has_redirected_standard_error()
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            using var log = new RecordedLog();
            await using var pool = await StartAsync(log, "redirects_its_log", start);
            await pool.ExecuteAsync("silences").InTime();
            await log.WaitForLineAsync("INFO snakepit.tool: the end");
            await log.WaitForLineAsync("ERROR snakepit.tool: while it was silent");
        }
    }

    [PythonTheory]
    [InlineData(2, 2, true)] // standard error
    [InlineData(3, 63, true)] // what the worker keeps for its log
    [InlineData(1, 63, false)] // all of them: nothing leads to the log any more
    public async Task What_a_tool_logs_is_never_written_into_a_file_that_has_got_the_number_of_a_closed_descriptor(
        int first, int last, bool reachesHost)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            using var log = new RecordedLog();
            using var marker = new Marker();
            await using var pool = await StartAsync(log, "redirects_its_log", start);
            var written = await pool.ExecuteAsync<string>("writes_a_file", new { path = marker.Path, first, last }).InTime();
            Assert.Equal("1,2\n", written);
            if (reachesHost)
            {
                await log.WaitForLineAsync("INFO snakepit.tool: while the file was open");
                await log.WaitForLineAsync("TypeError: %d format");
            }
        }
    }

    private static Task<SnakepitPool> StartAsync(RecordedLog log, string adapter, WorkerStart start) => SnakepitPool
        .StartAsync(Probe.Options with { Adapter = adapter, Workers = 1, WorkerStart = start, LoggerFactory = log })
        .InTime();

    private static bool Holds(string line, string text) => line.Contains(text, StringComparison.Ordinal);

    /// <summary>Lets a worker log, and returns the lines that have reached the log of the host.</summary>
    private static async Task<string[]> LogAsync(string how, WorkerStart start)
    {
        using var log = new RecordedLog();
        var options = Probe.Options with
        {
            Adapter = "configures_logging",
            Workers = 1,
            WorkerStart = start,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["HOW"] = how },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        await pool.ExecuteAsync("logs").InTime();
        await log.WaitForLineAsync("the end");
        var prefix = $"Worker {pool.GetStatistics().Workers[0].Worker}: ";
        return [.. log.Records.Select(record => record.Message.Replace(prefix, "", StringComparison.Ordinal))];
    }
}
