using Microsoft.Extensions.Logging;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the pool writes the output of adapters and tools to its log.</summary>
public abstract class Output<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    [PythonFact]
    public async Task Output_of_a_tool_becomes_log_lines_and_does_not_disturb_the_worker()
    {
        Assert.Equal("printed", await probe.Pool.ExecuteAsync<string>("printing").InTime());

        var worker = Assert.Single(probe.Pool.GetStatistics().Workers).Worker;
        foreach (var how in (string[])["print", "standard error", "descriptor 1", "a child"])
        {
            var record = await probe.Log.WaitForLineAsync($"by {how}");
            Assert.Equal($"Worker {worker}: by {how}", record.Message);
            Assert.Equal(LogLevel.Information, record.Level);
            Assert.Equal("Snakepit.Worker", record.Category);
        }

        await probe.AssertStillUsable();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Output_of_an_adapter_before_it_is_ready_becomes_log_lines_and_does_not_disturb_the_start(WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>() with { Adapter = "prints_from_the_beginning", WorkerStart = start, LoggerFactory = log }).InTime();
        Assert.Equal("pong", await pool.ExecuteAsync<string>("ping").InTime());
        string[] lines = ["printed at import", "printed by C at import", "printed by prepare", "printed by start", "printed by C in start"];
        foreach (var line in lines)
        {
            await log.WaitForLineAsync(line);
        }
    }

    [PythonFact]
    public async Task A_log_message_of_a_tool_becomes_a_log_line()
    {
        await probe.Pool.ExecuteAsync("logging_line").InTime();
        var record = await probe.Log.WaitForLineAsync("by the context's log");
        Assert.Contains("WARNING snakepit.tool: by the context's log", record.Message, StringComparison.Ordinal);
    }
}

public sealed class OutputOverGrpc(ProbePool<OverGrpc> probe) : Output<OverGrpc>(probe);

public sealed class OutputOverDirect(ProbePool<OverDirect> probe) : Output<OverDirect>(probe);
