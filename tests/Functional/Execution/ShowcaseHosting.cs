using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the showcase's tools reach the program's host tools and its log.</summary>
public abstract class ShowcaseHosting<T>
    where T : ITestTransport
{
    private sealed record Order(string Article, int Count);

    private sealed record Telemetry(string[] Lines, [property: JsonPropertyName("step_ms")] double[] StepMs);

    [PythonFact]
    public async Task Call_host_returns_the_answer_of_the_host_tool_or_its_failure()
    {
        var options = Probe.Over<T>(Probe.Showcase) with
        {
            Workers = 1,
            HostTools = new Dictionary<string, HostTool>
            {
                ["describe"] = HostTool.Create((Order order) => $"{order.Count} times {order.Article}"),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var call = new { tool = "describe", arguments = new Order("a pear 🍐", 3) };
        Assert.Equal("3 times a pear 🍐", await pool.ExecuteAsync<string>("call_host", call).InTime());
        var refused = await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync<string>("call_host", new { tool = "absent" }).InTime());
        Assert.Contains("HostToolError", refused.PythonType, StringComparison.Ordinal);
        Assert.Contains("'absent'", refused.PythonMessage, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Telemetry_demo_logs_what_it_returns()
    {
        using var log = new RecordedLog();
        var options = Probe.Over<T>(Probe.Showcase) with { Workers = 1, LoggerFactory = log };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var told = await pool.ExecuteAsync<Telemetry>("telemetry_demo", new { steps = 3, step_ms = 20 }).InTime();
        Assert.Equal(4, told.Lines.Length);
        Assert.Equal(3, told.StepMs.Length);
        Assert.All(told.StepMs, static taken => Assert.InRange(taken, 20, 10_000));
        foreach (var line in told.Lines)
        {
            var record = await log.WaitForLineAsync(line);
            Assert.Contains("snakepit.tool", record.Message, StringComparison.Ordinal);
            Assert.InRange(record.Level, LogLevel.Information, LogLevel.Warning);
        }
    }
}

public sealed class ShowcaseHostingOverGrpc : ShowcaseHosting<OverGrpc>;

public sealed class ShowcaseHostingOverDirect : ShowcaseHosting<OverDirect>;
