using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the tools of the showcase, the example adapter of the worker package, do what their names say.</summary>
public sealed class ShowcaseTools(ShowcasePool<OverGrpc> showcase) : IClassFixture<ShowcasePool<OverGrpc>>
{
    private readonly SnakepitPool _pool = showcase.Pool;

    private sealed record Pong(string Message, double Time);

    private sealed record WorkerInfo(int Worker, int Pid, int Calls);

    private sealed record AdapterInfo(string Name, string Version, string[] Tools);

    private sealed record Stats(
        int Calls,
        [property: JsonPropertyName("memory_bytes")] long MemoryBytes,
        [property: JsonPropertyName("user_seconds")] double UserSeconds,
        [property: JsonPropertyName("system_seconds")] double SystemSeconds);

    private sealed record Progress(int Step, int Steps, double Percent);

    [PythonFact]
    public async Task Ping_answers_with_its_default_message_and_the_time()
    {
        var pong = await _pool.ExecuteAsync<Pong>("ping").InTime();
        var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        Assert.Equal("pong", pong.Message);
        Assert.InRange(pong.Time, now - 60, now + 1);
        Assert.Equal("hello", (await _pool.ExecuteAsync<Pong>("ping", new { message = "hello" }).InTime()).Message);
    }

    [PythonFact]
    public async Task Echo_returns_its_arguments()
    {
        var arguments = new { first = new[] { 1, 2 }, second = Array.Empty<int>() };
        var echoed = await _pool.ExecuteAsync<Dictionary<string, int[]>>("echo", arguments).InTime();
        Assert.Equal([1, 2], echoed["first"]);
        Assert.Empty(echoed["second"]);
    }

    [PythonFact]
    public async Task Add_returns_the_sum() => Assert.Equal(4.5, await _pool.ExecuteAsync<double>("add", new { a = 1.5, b = 3 }).InTime());

    [PythonTheory]
    [InlineData("upper", "\"STRASSE 🐍\"")]
    [InlineData("lower", "\"straße 🐍\"")]
    [InlineData("reverse", "\"🐍 eßartS\"")]
    [InlineData("length", "8")]
    public async Task Process_text_applies_the_chosen_operation(string operation, string json)
    {
        var result = await _pool.ExecuteAsync<JsonElement>("process_text", new { text = "Straße 🐍", operation }).InTime();
        Assert.Equal(json, result.GetRawText());
    }

    [PythonFact]
    public async Task Error_demo_raises_the_chosen_exception()
    {
        var raised = await Assert.ThrowsAsync<PythonException>(() => _pool.ExecuteAsync("error_demo", new { kind = "value" }).InTime());
        Assert.Equal("ValueError", raised.PythonType);
    }

    [PythonFact]
    public async Task Worker_info_names_the_process_and_counts_its_calls()
    {
        var first = await _pool.ExecuteAsync<WorkerInfo>("worker_info").InTime();
        var second = await _pool.ExecuteAsync<WorkerInfo>("worker_info").InTime();
        var worker = Assert.Single(_pool.GetStatistics().Workers);
        Assert.Equal(first with { Calls = first.Calls + 1 }, second);
        Assert.Equal((worker.Worker, worker.ProcessId), (first.Worker, first.Pid));
    }

    [PythonFact]
    public async Task Adapter_info_names_the_adapter_and_the_tools_that_are_listed()
    {
        var info = await _pool.ExecuteAsync<AdapterInfo>("adapter_info").InTime();
        Assert.Equal("ShowcaseAdapter", info.Name);
        Assert.NotEmpty(info.Version);
        Assert.Equal((await _pool.ListToolsAsync().InTime()).Select(static tool => tool.Name), info.Tools);
    }

    [PythonFact]
    public async Task Stats_tell_the_memory_and_the_time_that_the_worker_has_used()
    {
        var before = await _pool.ExecuteAsync<Stats>("stats").InTime();
        Assert.InRange(await _pool.ExecuteAsync<double>("cpu_bound", new { ms = 50 }).InTime(), 50, 5_000);
        var after = await _pool.ExecuteAsync<Stats>("stats").InTime();
        Assert.Equal(before.Calls + 2, after.Calls);
        Assert.InRange(after.MemoryBytes, 5 << 20, 1 << 30);
        Assert.InRange(after.UserSeconds + after.SystemSeconds - before.UserSeconds - before.SystemSeconds, 0.03, 5);
    }

    [PythonFact]
    public async Task Lightweight_returns_the_square() =>
        Assert.Equal(1L << 40, await _pool.ExecuteAsync<long>("lightweight", new { i = 1 << 20 }).InTime());

    [PythonFact]
    public async Task Sleep_returns_the_milliseconds_it_slept() =>
        Assert.InRange(await _pool.ExecuteAsync<double>("sleep", new { ms = 20 }).InTime(), 20, 5_000);

    [PythonFact]
    public async Task Allocate_returns_the_number_of_bytes_that_it_keeps()
    {
        Assert.Equal(0, await _pool.ExecuteAsync<long>("allocate", new { mb = 8 }).InTime());
        Assert.Equal(2 * 1024 * 1024, await _pool.ExecuteAsync<long>("allocate", new { mb = 2, hold = true }).InTime());
    }

    [PythonFact]
    public async Task Stream_progress_reports_every_step()
    {
        var steps = await _pool.StreamAsync<Progress>("stream_progress", new { steps = 4 }).ToListAsync().InTime();
        Assert.Equal([new(1, 4, 25), new(2, 4, 50), new(3, 4, 75), new(4, 4, 100)], steps);
    }

    [PythonFact]
    public async Task Tools_are_listed_with_their_parameters_and_return_types()
    {
        var tools = await _pool.ListToolsAsync().InTime();
        string[] expected =
        [
            "adapter_info", "add", "allocate", "call_host", "cpu_bound", "crash", "echo", "error_demo", "generate_dataset", "get_counter",
            "increment_counter", "infinite_stream", "lightweight", "ping", "process_text", "set_counter", "sleep", "stats", "stream_data",
            "stream_fibonacci", "stream_progress", "telemetry_demo", "worker_info",
        ];
        Assert.Equal(expected, tools.Select(tool => tool.Name));
        Assert.All(tools, tool => Assert.NotEmpty(tool.Description));
        Assert.Equal(
            ["generate_dataset", "infinite_stream", "stream_data", "stream_fibonacci", "stream_progress"],
            tools.Where(tool => tool.IsStreaming).Select(tool => tool.Name));

        var add = tools.Single(tool => tool.Name == "add");
        Assert.Equal([("a", "float", true), ("b", "float", true)], add.Parameters.Select(one => (one.Name, one.Type, one.IsRequired)));
        Assert.Equal("float", add.Returns);
        var message = Assert.Single(tools.Single(tool => tool.Name == "ping").Parameters);
        Assert.False(message.IsRequired);
        Assert.Equal("\"pong\"", message.DefaultValue?.GetRawText());
        Assert.True(Assert.Single(tools.Single(tool => tool.Name == "echo").Parameters).CollectsRest);
        // The only parameter of this tool is not listed: it is the context of the call, which the worker supplies.
        Assert.Empty(tools.Single(tool => tool.Name == "worker_info").Parameters);
    }
}
