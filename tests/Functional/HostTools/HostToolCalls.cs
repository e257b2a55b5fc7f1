using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.HostTools;

public abstract class HostToolCalls<T>
    where T : IOver
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
        var arguments = new { text = "grüßE", numbers = new[] { 1, 2, 3 }, table = new { a = 0.5 }, flag = true, big = (1L << 60) + 1, nothing = (string?)null };

        var result = await pool.ExecuteAsync<Everything>("ask_host", new { name = "take", arguments }).InTime();

        Assert.Equal("GRÜßE", result.Text);
        Assert.NotNull(received);
        Assert.Equal([1, 2, 3], received.Numbers);
        Assert.Equal((0.5, true, (1L << 60) + 1, null), (received.Table["a"], received.Flag, received.Big, received.Nothing));
    }

    [PythonFact]
    public async Task What_a_host_tool_throws_is_raised_in_python_with_its_type_and_message()
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(
            log, ("fail", HostTool.Create<JsonElement, int>(_ => throw new InvalidOperationException("not today"))));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "fail" }).InTime();
        Assert.Equal(("fail", "InvalidOperationException"), (failure.Tool, failure.Type));
        Assert.Contains("not today", failure.Message, StringComparison.Ordinal);
        await log.LineAsync("Host tool 'fail' failed");

        var unhandled = await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync("ask_host", new { name = "fail", arguments = new { } }).InTime());
        Assert.EndsWith("HostToolError", unhandled.PythonType, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_host_tool_that_does_not_exist_is_refused_with_those_that_there_are()
    {
        await using var pool = await StartAsync(("one", HostTool.Create((JsonElement _) => 1)), ("two", HostTool.Create((JsonElement _) => 2)));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "three" }).InTime();
        Assert.Equal("UnknownToolException", failure.Type);
        Assert.Contains("one, two", failure.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Arguments_and_results_that_do_not_fit_are_errors_of_that_call_alone()
    {
        await using var pool = await StartAsync(
            ("number", HostTool.Create((Dictionary<string, int> numbers) => numbers.Values.Sum())),
            ("pointer", HostTool.Create<JsonElement, Type>(_ => typeof(int))));
        var wrong = await Assert.ThrowsAsync<PythonException>(
            () => pool.ExecuteAsync("ask_host", new { name = "number", arguments = new { a = "text" } }).InTime());
        Assert.Contains("ToolArgumentException", wrong.PythonTraceback + wrong.PythonMessage + wrong.Attributes, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("ask_host", new { name = "pointer", arguments = new { } }).InTime());
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
    public async Task Cancelling_a_call_cancels_the_host_tool_that_it_waits_for_and_the_worker_lives()
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
    public async Task A_host_tool_that_gives_up_is_an_error_in_python()
    {
        await using var pool = await StartAsync(
            ("give_up", HostTool.Create<JsonElement, int>((_, _) => Task.FromCanceled<int>(new CancellationToken(canceled: true)))));
        var failure = await pool.ExecuteAsync<Failure>("ask_host_in_vain", new { name = "give_up" }).InTime();
        Assert.Equal("TaskCanceledException", failure.Type);
    }

    [PythonFact]
    public async Task Python_calls_dotnet_calls_another_worker()
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
    public async Task A_nested_call_for_which_no_worker_is_left_ends_with_the_lease_timeout_instead_of_a_deadlock()
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
    public async Task A_host_tool_that_disposes_its_own_pool_is_told_that_it_would_wait_for_itself()
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
    public async Task Many_callers_get_each_their_own_answer()
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
    public async Task A_host_tool_needs_a_name()
    {
        var options = With(Probe.Over<T>(), (" ", HostTool.Create((JsonElement _) => 1)));
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SnakepitPool.StartAsync(options));
        Assert.Equal(nameof(SnakepitOptions.HostTools), refused.ParamName);
    }

    [PythonFact]
    public async Task A_default_timeout_for_sockets_is_none_for_the_workers_own()
    {
        var options = With(Probe.Over<T>() with { Adapter = "hurried_sockets", Workers = 1 }, ("slow", HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // five times the timeout
            return 7;
        })));
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
