using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that a Python exception reaches the caller with its type, message, traceback and attributes, and that the worker is kept.
/// </summary>
public abstract class Exceptions<T>(ShowcasePool<T> showcase, ProbePool<T> probe)
    : IClassFixture<ShowcasePool<T>>, IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("value", "ValueError", "this value is not acceptable")]
    [InlineData("runtime", "RuntimeError", "something went wrong at run time")]
    [InlineData("custom", "snakepit_worker.adapters.showcase.failures.ShowcaseError", "a custom error")]
    [InlineData("chained", "RuntimeError", "the lookup failed")]
    [InlineData("exit", "SystemExit", "3")]
    public async Task An_exception_carries_its_python_type_and_message(string kind, string type, string message)
    {
        var raised = await RaisedByAsync(showcase, "error_demo", new { kind });
        Assert.Equal("error_demo", raised.Tool);
        Assert.Equal(type, raised.PythonType);
        Assert.Equal(message, raised.PythonMessage);
        Assert.Equal($"Tool 'error_demo' raised {type}: {message}", raised.Message);
        Assert.False(raised.IsTransient);
    }

    [PythonFact]
    public async Task The_traceback_begins_in_the_tool()
    {
        var raised = await RaisedByAsync(showcase, "error_demo", new { kind = "value" });
        Assert.StartsWith("Traceback (most recent call last):\n  File ", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.EndsWith("ValueError: this value is not acceptable\n", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.Contains("in error_demo", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.DoesNotContain("snakepit_worker/dispatch", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.DoesNotContain("snakepit_worker/interrupts", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.Contains(raised.PythonTraceback, raised.ToString(), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task The_traceback_shows_the_cause()
    {
        var raised = await RaisedByAsync(showcase, "error_demo", new { kind = "chained" });
        Assert.Contains("KeyError: 'absent'", raised.PythonTraceback, StringComparison.Ordinal);
        Assert.Contains(
            "The above exception was the direct cause of the following exception:", raised.PythonTraceback, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Attributes_that_json_can_represent_come_with_the_exception()
    {
        var showcased = await RaisedByAsync(showcase, "error_demo", new { kind = "custom" });
        Assert.Equal("""{"code":42,"details":{"hint":"see the code"}}""", showcased.Attributes.GetRawText());
        var probed = await RaisedByAsync(probe, "raise_with_attributes");
        Assert.Equal("""{"code":7,"detail":{"path":["a",1,null]},"notes":["a note"]}""", probed.Attributes.GetRawText());
    }

    [PythonTheory]
    [InlineData(100)]
    [InlineData(500)]
    public async Task Deeply_nested_attributes_come_with_the_exception(int levels)
    {
        var raised = await RaisedByAsync(probe, "raise_with_deep_attributes", new { levels });
        var deep = raised.Attributes.GetProperty("deep");
        for (var level = 0; level < levels; level++)
        {
            deep = Assert.Single(deep.EnumerateArray().ToList());
        }

        Assert.Empty(deep.EnumerateArray());
    }

    [PythonFact]
    public async Task An_operating_system_error_carries_its_number_and_file_name()
    {
        var raised = await RaisedByAsync(probe, "raise_os_error");
        Assert.Equal("FileNotFoundError", raised.PythonType);
        Assert.Equal(2, raised.Attributes.GetProperty("errno").GetInt32());
        Assert.Equal("/nowhere/at/all", raised.Attributes.GetProperty("filename").GetString());
    }

    [PythonFact]
    public async Task A_tool_that_exits_raises_an_exception_with_its_exit_code()
    {
        var raised = await RaisedByAsync(probe, "exits", new { status = 5 });
        Assert.Equal("SystemExit", raised.PythonType);
        Assert.Equal(5, raised.Attributes.GetProperty("code").GetInt32());
    }

    [PythonTheory]
    [InlineData("raise_with_bad_str", "probe_exceptions._Unprintable", "<probe_exceptions._Unprintable whose __str__ raised ValueError>")]
    [InlineData("raise_surrogate", "ValueError", "half of \\ud83d")]
    [InlineData("interrupts_itself", "KeyboardInterrupt", "")]
    [InlineData("recurse_for_ever", "RecursionError", "maximum recursion depth exceeded")]
    [InlineData("raise_cancelled", "snakepit_worker.CallCancelled", "nobody asked for it")]
    public async Task An_unusual_exception_is_reported_like_any_other(string tool, string type, string message)
    {
        var raised = await RaisedByAsync(probe, tool);
        Assert.Equal(type, raised.PythonType);
        Assert.StartsWith(message, raised.PythonMessage, StringComparison.Ordinal);
        Assert.NotEmpty(raised.PythonTraceback);
    }

    private static async Task<PythonException> RaisedByAsync(SharedPool shared, string tool, object? arguments = null)
    {
        var raised = await Assert.ThrowsAsync<PythonException>(() => shared.Pool.ExecuteAsync(tool, arguments).InTime());
        await shared.AssertStillUsable();
        return raised;
    }
}

public sealed class ExceptionsOverGrpc(ShowcasePool<OverGrpc> showcase, ProbePool<OverGrpc> probe)
    : Exceptions<OverGrpc>(showcase, probe);

public sealed class ExceptionsOverDirect(ShowcasePool<OverDirect> showcase, ProbePool<OverDirect> probe)
    : Exceptions<OverDirect>(showcase, probe);
