using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that a call with wrong arguments, an unknown tool or an invalid option is refused before any tool runs.</summary>
public sealed class Arguments(ShowcasePool<OverGrpc> showcase) : IClassFixture<ShowcasePool<OverGrpc>>
{
    private readonly SnakepitPool _pool = showcase.Pool;

    [PythonTheory]
    [InlineData("add", """{"a":1}""", "missing 'b'")]
    [InlineData("add", "{}", "missing 'a'; missing 'b'")]
    [InlineData("add", """{"a":1,"b":2,"c":3}""", "unexpected 'c'")]
    [InlineData("add", """{"a":"1","b":2}""", "'a' must be float, got str ('1')")]
    [InlineData("add", """{"a":true,"b":2}""", "'a' must be float, got bool (True)")]
    [InlineData("add", """{"a":null,"b":2}""", "'a' must be float, got NoneType (None)")]
    [InlineData("add", """{"b":[],"c":1}""", "missing 'a'; 'b' must be float, got list ([]); unexpected 'c'")]
    [InlineData("process_text", """{"text":"x","operation":"shout"}""",
        "'operation' must be Literal['upper', 'lower', 'reverse', 'length'], got str ('shout')")]
    [InlineData("allocate", """{"mb":1.5}""", "'mb' must be int, got float (1.5)")]
    [InlineData("worker_info", """{"ctx":1}""", "unexpected 'ctx'")]
    public async Task Wrong_arguments_are_refused_by_name_before_the_tool_runs(string tool, string json, string fault)
    {
        var calls = await CallsAsync();
        using var arguments = JsonDocument.Parse(json);

        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync(tool, arguments.RootElement).InTime());

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{tool}(", refused.Message, StringComparison.Ordinal); // the message shows the signature of the tool
        Assert.False(refused.IsTransient);
        Assert.Equal(calls + 1, await CallsAsync());
        await showcase.AssertStillUsable();
    }

    public static TheoryData<object> NotObjects => new([1, "text", new[] { 1, 2 }, true]);

    [PythonTheory]
    [MemberData(nameof(NotObjects), DisableDiscoveryEnumeration = true)]
    public async Task Arguments_that_are_not_an_object_are_refused_before_they_are_sent(object arguments)
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("echo", arguments).InTime());
        Assert.Contains("takes its arguments by name", refused.Message, StringComparison.Ordinal);
        Assert.Contains(arguments.GetType().ToString(), refused.Message, StringComparison.Ordinal);
        await showcase.AssertStillUsable();
    }

    private sealed class Circle
    {
        public Circle Next => this;
    }

    public static TheoryData<object> NotJson =>
        new([new { it = typeof(string) }, new Circle(), new { it = (Func<int>)(() => 1) }]);

    [PythonTheory]
    [MemberData(nameof(NotJson), DisableDiscoveryEnumeration = true)]
    public async Task Arguments_that_json_cannot_represent_are_refused_before_they_are_sent(object arguments)
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("echo", arguments).InTime());
        Assert.Contains("cannot be written as JSON", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.InnerException);
        await showcase.AssertStillUsable();
    }

    [PythonTheory]
    [InlineData("no_such_tool")]
    [InlineData("Ping")]
    [InlineData("__init__")]
    [InlineData("prepare")]
    [InlineData("ping\0\r\n; 🐍 '../..'")]
    public async Task An_unknown_tool_is_refused_with_a_list_of_the_existing_tools(string tool)
    {
        var refused = await Assert.ThrowsAsync<UnknownToolException>(() => _pool.ExecuteAsync(tool).InTime());
        Assert.Contains(tool[..4], refused.Message, StringComparison.Ordinal);
        Assert.Contains("ping", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnknownToolException>(() => _pool.StreamAsync<int>(tool).ToListAsync().InTime());
        await showcase.AssertStillUsable();
    }

    [PythonTheory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public async Task A_call_without_a_tool_name_is_refused(string? tool)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _pool.ExecuteAsync(tool!));
        Assert.ThrowsAny<ArgumentException>(() => _pool.StreamAsync<int>(tool!));
    }

    [PythonFact]
    public async Task A_tool_name_that_is_too_long_or_not_valid_text_is_refused_with_a_short_message()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _pool.ExecuteAsync("\ud800"));
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _pool.ExecuteAsync(new string('x', 1_000_000)));
        Assert.Contains("1,000,000 characters", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 300);
    }

    [PythonTheory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task A_timeout_must_be_positive(int seconds)
    {
        var options = new CallOptions { Timeout = TimeSpan.FromSeconds(seconds) };
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _pool.ExecuteAsync("ping", options: options));
        Assert.Equal(nameof(CallOptions.Timeout), refused.ParamName);
    }

    [PythonFact]
    public async Task A_generator_cannot_be_called_for_one_result()
    {
        var refused = await Assert.ThrowsAsync<CallStyleException>(() => _pool.ExecuteAsync("stream_progress", new { steps = 1 }).InTime());
        Assert.Contains("StreamAsync", refused.Message, StringComparison.Ordinal);
        await showcase.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_tool_with_one_result_cannot_be_called_as_a_stream()
    {
        var refused = await Assert.ThrowsAsync<CallStyleException>(() => _pool.StreamAsync<int>("ping").ToListAsync().InTime());
        Assert.Contains("ExecuteAsync", refused.Message, StringComparison.Ordinal);
        await showcase.AssertStillUsable();
    }

    private async Task<int> CallsAsync() => (await _pool.ExecuteAsync<JsonElement>("worker_info").InTime()).GetProperty("calls").GetInt32();
}
