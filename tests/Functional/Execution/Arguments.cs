using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Net;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using System.Xml;
using System.Xml.Linq;
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

    public static TheoryData<object, string> WithoutTheirContent => new()
    {
        { new StringBuilder("text"), "send its text, ToString()" },
        { new Regex("a+"), "send its pattern, ToString()" },
        { new NameValueCollection { ["key"] = "value" }, "send a dictionary of its keys and values" },
        { new WebHeaderCollection { ["key"] = "value" }, "send a dictionary of its keys and values" },
        { new[] { 1, 2, 3 }.GroupBy(item => item % 2), "groups.ToDictionary(group => group.Key" },
        { new[] { 1, 2, 3 }.ToLookup(item => item % 2), "lookup.ToDictionary(group => group.Key" },
        { Task.FromResult(1), "await it first" },
        { new ValueTask<int>(1), "await it first" },
        { new InvalidOperationException("problem"), "send its Message, or its text, ToString()" },
        { new StringReader("text"), "send its text, ReadToEnd()" },
        { new XElement("name", "text"), "send its text, ToString()" },
        { new XmlDocument(), "send its text, OuterXml" },
        { IPAddress.Loopback, "send its text, ToString()" },
        { new DnsEndPoint("localhost", 80), "send its text, ToString()" },
        { new FileInfo("/tmp"), "send its path, FullName" },
        { new CookieContainer(), "send its cookies, GetAllCookies()" },
        { new StringContent("text"), "such as ReadAsStringAsync()" },
        { new DataTable("table"), "send a list with a dictionary for each row" },
        { new DataTable("table").CreateDataReader(), "send a list with a dictionary for each row" },
        { Channel.CreateUnbounded<int>(), "send a list of what it contains" },
        { DBNull.Value, "send null" },
        { Vector128.Create(1), "send what it holds, as text, a list or a dictionary" },
        { new WeakReference<string>("text"), "send what it holds, as text, a list or a dictionary" },
    };

    [PythonTheory]
    [MemberData(nameof(WithoutTheirContent), DisableDiscoveryEnumeration = true)]
    public async Task A_value_whose_json_would_lack_its_content_is_refused_with_what_to_send_instead(object value, string instead)
    {
        object[] given = [value];
        foreach (var arguments in (object[])[new { given }, new Dictionary<string, object> { ["given"] = given }])
        {
            var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("echo", arguments).InTime());
            Assert.Contains("cannot be written as JSON at given[0", refused.Message, StringComparison.Ordinal);
            Assert.Contains("would lose its content in JSON", refused.Message, StringComparison.Ordinal);
            Assert.Contains(instead, refused.Message, StringComparison.Ordinal);
        }
    }

    [PythonFact]
    public async Task Collections_and_types_without_properties_of_the_program_are_sent_as_ever()
    {
        var given = new { hashtable = new Hashtable { ["a"] = 1 }, list = new ArrayList { 1 }, empty = new Nothing(), bare = new object() };
        var back = await _pool.ExecuteAsync<JsonElement>("echo", given).InTime();
        Assert.Equal("""{"hashtable":{"a":1},"list":[1],"empty":{},"bare":{}}""", back.GetRawText());
    }

    private sealed class Nothing;

    private sealed class Broken
    {
        public static int Closed => 0;

        public string Name => Closed == 0 ? throw new IOException("the file is closed") : "";
    }

    private sealed class Unset
    {
        public int Count
        {
            get => 1;
            set => throw new IOException($"{value} cannot be stored");
        }
    }

    [PythonFact]
    public async Task Arguments_and_results_whose_properties_throw_are_refused_with_their_path()
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(
            () => _pool.ExecuteAsync("echo", new { given = new object[] { 1, new { it = new Broken() } } }).InTime());
        Assert.Contains("cannot be written as JSON at given[1].it (the file is closed)", refused.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(refused.InnerException);
        var back = await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.ExecuteAsync<Dictionary<string, Unset[]>>("echo", new { given = new[] { new { count = 5 } } }).InTime());
        Assert.Contains("5 cannot be stored", back.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(back.InnerException);
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
