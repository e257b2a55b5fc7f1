using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/wrapped_tools.py</c>.</summary>
public sealed class WrappedPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with
{
    Adapter = "wrapped_tools",
    HostTools = new Dictionary<string, HostTool> { ["double"] = HostTool.Create((Dictionary<string, int> all) => 2 * all["given"]) },
}))
    where T : ITestTransport;

/// <summary>Tests that a tool is served as what calling it gives, whatever it is wrapped in.</summary>
public abstract class RecognisedTools<T>(WrappedPool<T> wrapped) : IClassFixture<WrappedPool<T>>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("wrapped_async")]
    [InlineData("wrapped_with_host")]
    [InlineData("marked_below")]
    [InlineData("wrapped_to_its_end")]
    [InlineData("wrapped_in_task")]
    [InlineData("object_async")]
    [InlineData("awaited_by_object")]
    [InlineData("annotated_awaitable")]
    [InlineData("partial_tool")]
    [InlineData("partial_async")]
    [InlineData("callable_tool")]
    [InlineData("callable_async")]
    [InlineData("a_callable")]
    [InlineData("lambda_tool")]
    [InlineData("cached_tool")]
    [InlineData("method")]
    [InlineData("static_method")]
    public async Task A_tool_that_gives_a_result_or_an_awaitable_is_called_for_one_result(string tool)
    {
        Assert.Equal(42, await wrapped.Pool.ExecuteAsync<int>(tool, new { given = 21 }).InTime());
        await Assert.ThrowsAsync<CallStyleException>(() => wrapped.Pool.StreamAsync<int>(tool, new { given = 1 }).ToListAsync().InTime());
        await wrapped.AssertStillUsable();
    }

    [PythonTheory]
    [InlineData("supplied", """{"given":21}""", "missing 'factor'", "below the decorator '_supplies': ")]
    [InlineData("taken", """{"factor":2,"given":21,"more":1}""", "unexpected 'more'", "below the decorator '_takes', '_supplies': ")]
    [InlineData("told", """{"factor":2,"given":21}""", "unexpected 'factor'", null)]
    [InlineData("cached_again", """{"given":21}""", "missing 'factor'", null)]
    public async Task A_call_that_is_refused_for_the_parameters_below_a_decorator_is_told_of_the_decorator(
        string tool, string arguments, string fault, string? advice)
    {
        using var given = JsonDocument.Parse(arguments);
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => wrapped.Pool.ExecuteAsync(tool, given.RootElement).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Equal(advice is not null, refused.Message.Contains("__signature__", StringComparison.Ordinal));
        Assert.Contains(advice ?? "", refused.Message, StringComparison.Ordinal);
        if (tool == "told")
        {
            Assert.Equal(42, await wrapped.Pool.ExecuteAsync<int>(tool, new { given = 21 }).InTime());
        }
    }

    [PythonTheory]
    [InlineData("wrapped_generator")]
    [InlineData("wrapped_async_generator")]
    [InlineData("object_generator")]
    [InlineData("yielded_by_object")]
    [InlineData("annotated_iterator")]
    [InlineData("partial_generator")]
    [InlineData("callable_generator")]
    public async Task A_tool_that_gives_a_generator_is_called_as_a_stream(string tool)
    {
        Assert.Equal([0, 1, 2], await wrapped.Pool.StreamAsync<int>(tool, new { given = 3 }).ToListAsync().InTime());
        await foreach (var _ in wrapped.Pool.StreamAsync<int>(tool, new { given = 1_000_000 }))
        {
            break; // closes the generator
        }

        await Assert.ThrowsAsync<CallStyleException>(() => wrapped.Pool.ExecuteAsync(tool, new { given = 1 }).InTime());
        Assert.True((await wrapped.Pool.ListToolsAsync().InTime()).Single(one => one.Name == tool).IsStreaming);
        await wrapped.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_decorator_that_makes_a_list_of_a_generator_is_called_for_one_result() =>
        Assert.Equal((int[])[0, 1, 2], await wrapped.Pool.ExecuteAsync<int[]>("wrapped_to_a_list", new { given = 3 }).InTime());

    [PythonFact]
    public async Task Descriptions_and_parameters_are_those_of_the_innermost_function()
    {
        var tools = (await wrapped.Pool.ListToolsAsync().InTime()).ToDictionary(tool => tool.Name);
        Assert.Equal("Double a number.", tools["wrapped_async"].Description);
        Assert.Equal("Multiply two numbers.", tools["partial_tool"].Description);
        Assert.Equal("Multiply a number.", tools["callable_tool"].Description);
        Assert.Equal("Doubles.", tools["a_callable"].Description);
        Assert.Equal("Double with the host.", tools["awaited_by_object"].Description);
        Assert.Equal("Count.", tools["yielded_by_object"].Description);
        Assert.Equal(("given", "int"), (tools["partial_tool"].Parameters[0].Name, tools["partial_tool"].Parameters[0].Type));
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(
            () => wrapped.Pool.ExecuteAsync("callable_async", new { given = "1" }).InTime());
        Assert.Contains("'given' must be int, got str ('1')", refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_coroutine_that_a_hiding_decorator_returns_is_refused_with_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<ResultEncodingException>(
            () => wrapped.Pool.ExecuteAsync("hidden_async", new { given = 1 }).InTime());
        Assert.Contains("a coroutine that nothing has awaited", refused.Message, StringComparison.Ordinal);
        Assert.Contains("functools.wraps", refused.Message, StringComparison.Ordinal);
        var asynchronous = await Assert.ThrowsAsync<ResultEncodingException>(
            () => wrapped.Pool.ExecuteAsync("hidden_async_generator", new { given = 1 }).InTime());
        Assert.Contains("AsyncIterator", asynchronous.Message, StringComparison.Ordinal);
        await wrapped.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_generator_that_a_hiding_decorator_returns_is_refused_with_what_to_do()
    {
        var asResult = await Assert.ThrowsAsync<CallStyleException>(
            () => wrapped.Pool.ExecuteAsync("hidden_generator", new { given = 1 }).InTime());
        Assert.Contains("Iterator[...]", asResult.Message, StringComparison.Ordinal);
        var asStream = await Assert.ThrowsAsync<CallStyleException>(
            () => wrapped.Pool.StreamAsync<int>("hidden_generator", new { given = 1 }).ToListAsync().InTime());
        Assert.Contains("Iterator[...]", asStream.Message, StringComparison.Ordinal);
        await wrapped.AssertStillUsable();
    }

    [PythonTheory]
    [InlineData("wrapped_and_waiting")]
    [InlineData("wrapped_in_task_and_waiting")]
    public async Task A_wrapped_async_tool_is_cancelled_like_any_other(string tool)
    {
        var timeout = new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) };
        await Assert.ThrowsAsync<CallTimeoutException>(() => wrapped.Pool.ExecuteAsync(tool, options: timeout).InTime());
        Assert.Equal(4, await wrapped.Pool.ExecuteAsync<int>("wrapped_async", new { given = 2 }).InTime());
        await wrapped.AssertStillUsable();
    }
}

public sealed class RecognisedToolsOverGrpc(WrappedPool<OverGrpc> wrapped) : RecognisedTools<OverGrpc>(wrapped);

public sealed class RecognisedToolsOverDirect(WrappedPool<OverDirect> wrapped) : RecognisedTools<OverDirect>(wrapped);
