using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.HostTools;

/// <summary>Tests host tools, which are .NET functions that Python code calls.</summary>
public abstract class HostToolCalls<T>
    where T : ITestTransport
{
    private sealed record Everything(string Text, int[] Numbers, Dictionary<string, double> Table, bool Flag, long Big, string? Nothing);

    private sealed record Failure(string Tool, string Type, string Message);

    [PythonFact]
    public async Task Python_calls_dotnet_with_arguments_of_every_kind_and_gets_the_result()
    {
        Everything? received = null;
        await using var pool = await StartAsync(("take", HostTool.Create((Everything all) =>
        {
            received = all;
            return all with { Text = all.Text.ToUpperInvariant() };
        })));
        var arguments = new
        {
            text = "grüßE",
            numbers = new[] { 1, 2, 3 },
            table = new { a = 0.5 },
            flag = true,
            big = (1L << 60) + 1,
            nothing = (string?)null,
        };

        var result = await pool.ExecuteAsync<Everything>("ask_host", new { name = "take", arguments }).InTime();

        Assert.Equal("GRÜßE", result.Text);
        Assert.NotNull(received);
        Assert.Equal([1, 2, 3], received.Numbers);
        Assert.Equal((0.5, true, (1L << 60) + 1, null), (received.Table["a"], received.Flag, received.Big, received.Nothing));
    }

    [PythonFact]
    public async Task An_exception_of_a_host_tool_is_raised_in_python_with_its_type_and_message()
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(
            log, ("fail", HostTool.Create<JsonElement, int>(_ => throw new InvalidOperationException("not today"))));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "fail" }).InTime();
        Assert.Equal(("fail", "InvalidOperationException"), (failure.Tool, failure.Type));
        Assert.Contains("not today", failure.Message, StringComparison.Ordinal);
        await log.WaitForLineAsync("Host tool 'fail' failed");

        var unhandled = await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync("ask_host", new { name = "fail", arguments = new { } }).InTime());
        Assert.EndsWith("HostToolError", unhandled.PythonType, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_unknown_host_tool_is_refused_with_a_list_of_the_existing_ones()
    {
        await using var pool = await StartAsync(
            ("one", HostTool.Create((JsonElement _) => 1)), ("two", HostTool.Create((JsonElement _) => 2)));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "three" }).InTime();
        Assert.Equal("UnknownToolException", failure.Type);
        Assert.Contains("one, two", failure.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Arguments_and_results_that_do_not_convert_fail_only_their_own_call()
    {
        await using var pool = await StartAsync(
            ("number", HostTool.Create((Dictionary<string, int> numbers) => numbers.Values.Sum())),
            ("pointer", HostTool.Create<JsonElement, Type>(_ => typeof(int))));
        var wrong = await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync("ask_host", new { name = "number", arguments = new { a = "text" } }).InTime());
        Assert.Contains("ToolArgumentException", wrong.PythonTraceback + wrong.PythonMessage + wrong.Attributes, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync("ask_host", new { name = "pointer", arguments = new { } }).InTime());
        Assert.Equal(3, await pool.ExecuteAsync<int>("ask_host", new { name = "number", arguments = new { a = 1, b = 2 } }).InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_generator_may_call_the_host_between_its_chunks()
    {
        await using var pool = await StartAsync(("double", HostTool.Create((Dictionary<string, int> arguments) => 2 * arguments["turn"])));
        var chunks = await pool.StreamAsync<int>("ask_host_again_and_again", new { name = "double", upto = 50 }).ToListAsync().InTime();
        Assert.Equal(Enumerable.Range(0, 50).Select(turn => 2 * turn), chunks);
    }

    [PythonFact]
    public async Task Cancelling_a_call_cancels_the_host_tool_that_it_waits_for_and_keeps_the_worker()
    {
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var pool = await StartAsync(("wait", HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
        {
            entered.SetResult();
            await using var registration = cancellationToken.Register(left.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        })));
        using var giveUp = new CancellationTokenSource();
        var worker = pool.ProcessIds()[0];
        var call = pool.ExecuteAsync("ask_host", new { name = "wait", arguments = new { } }, cancellationToken: giveUp.Token);
        await entered.Task.InTime();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await left.Task.InTime();
        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task The_death_of_a_worker_cancels_the_host_tool_that_it_waits_for()
    {
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var pool = await StartAsync(("wait", HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
        {
            entered.SetResult();
            await using var registration = cancellationToken.Register(left.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        })));
        var call = pool.ExecuteAsync("ask_host", new { name = "wait", arguments = new { } });
        await entered.Task.InTime();
        OsProcess.Kill(pool.ProcessIds()[0]);
        await Assert.ThrowsAsync<WorkerLostException>(() => call.InTime());
        await left.Task.InTime();
    }

    [PythonFact]
    public async Task A_host_tool_that_cancels_itself_raises_an_error_in_python()
    {
        await using var pool = await StartAsync(
            ("give_up", HostTool.Create<JsonElement, int>((_, _) => Task.FromCanceled<int>(new CancellationToken(canceled: true)))));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "give_up" }).InTime();
        Assert.Equal("TaskCanceledException", failure.Type);
    }

    [PythonFact]
    public async Task A_host_tool_can_call_another_worker_of_the_same_pool()
    {
        SnakepitPool? pool = null;
        var options = With(Probe.Over<T>() with { Workers = 2 }, ("other_worker", HostTool.Create<JsonElement, int>(
            (_, cancellationToken) => pool!.ExecuteAsync<int>("pid", cancellationToken: cancellationToken))));
        await using var started = pool = await SnakepitPool.StartAsync(options).InTime();
        var pids = pool.ProcessIds();
        var answer = await pool.ExecuteAsync<int>("ask_host", new { name = "other_worker", arguments = new { } }).InTime();
        Assert.Contains(answer, pids);
        Assert.Equal(0, pool.GetStatistics().QueueLength);
    }

    [PythonFact]
    public async Task A_nested_call_that_finds_no_free_worker_ends_with_the_queue_timeout_instead_of_a_deadlock()
    {
        SnakepitPool? pool = null;
        var options = With(
            Probe.Over<T>() with { Workers = 1, QueueTimeout = TimeSpan.FromMilliseconds(300) },
            ("other_worker", HostTool.Create<JsonElement, int>(
                (_, cancellationToken) => pool!.ExecuteAsync<int>("pid", cancellationToken: cancellationToken))));
        await using var started = pool = await SnakepitPool.StartAsync(options).InTime();
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "other_worker" }).InTime();
        Assert.Equal("QueueTimeoutException", failure.Type);
        Assert.NotEqual(0, await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_host_tool_that_disposes_its_own_pool_gets_an_error_instead_of_a_deadlock()
    {
        SnakepitPool? pool = null;
        var options = With(Probe.Over<T>() with { Workers = 1 }, ("dispose", HostTool.Create<JsonElement, int>(async (_, _) =>
        {
            await pool!.DisposeAsync();
            return 0;
        })));
        await using var started = pool = await SnakepitPool.StartAsync(options).InTime();
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "dispose" }).InTime();
        Assert.Equal("InvalidOperationException", failure.Type);
        Assert.NotEqual(0, await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task Each_of_many_concurrent_callers_gets_its_own_answer()
    {
        await using var pool = await StartAsync(("twice", HostTool.Create<Dictionary<string, int>, int>(async (arguments, _) =>
        {
            await Task.Yield();
            return 2 * arguments["n"];
        })));
        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(
            n => pool.ExecuteAsync<int>("ask_host", new { name = "twice", arguments = new { n } }))).InTime();
        Assert.Equal(Enumerable.Range(0, 300).Select(n => 2 * n), results);
    }

    [Fact]
    public async Task A_host_tool_without_a_name_is_refused()
    {
        var options = With(Probe.Over<T>(), (" ", HostTool.Create((JsonElement _) => 1)));
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SnakepitPool.StartAsync(options));
        Assert.Equal(nameof(SnakepitOptions.HostTools), refused.ParamName);
    }

    [PythonFact]
    public async Task A_default_socket_timeout_that_an_adapter_sets_does_not_affect_the_connection_of_the_worker()
    {
        var slow = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // five times as long as the socket timeout that the adapter sets
            return 7;
        });
        var kept = Probe.Over<T>() with { Workers = 1, AfterInterruption = AfterInterruption.KeepWorker };
        var options = With(kept with { Adapter = "hurried_sockets" }, ("slow", slow));
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var worker = await pool.ExecuteAsync<int>("pid").InTime();
        Assert.Equal(7, await pool.ExecuteAsync<int>("ask").InTime());
        for (var i = 0; i < 3; i++)
        {
            var late = pool.ExecuteAsync("hang", options: new() { Timeout = TimeSpan.FromMilliseconds(20) });
            await Assert.ThrowsAsync<CallTimeoutException>(() => late.InTime());
        }

        Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
    }

    private static SnakepitOptions With(SnakepitOptions options, params (string Name, HostTool Tool)[] tools) =>
        options with { HostTools = tools.ToDictionary(tool => tool.Name, tool => tool.Tool) };

    private static Task<SnakepitPool> StartAsync(params (string Name, HostTool Tool)[] tools) =>
        SnakepitPool.StartAsync(With(Probe.Over<T>() with { Workers = 1 }, tools)).InTime();

    private static Task<SnakepitPool> StartAsync(RecordedLog log, params (string Name, HostTool Tool)[] tools) =>
        SnakepitPool.StartAsync(With(Probe.Over<T>() with { Workers = 1, LoggerFactory = log }, tools)).InTime();
}

public sealed class HostToolCallsOverGrpc : HostToolCalls<OverGrpc>;

public sealed class HostToolCallsOverDirect : HostToolCalls<OverDirect>;
