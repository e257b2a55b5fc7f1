using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that every call gets one answer, and its worker lives on, when objects, classes and exceptions of the adapter raise as soon as the
/// worker looks at them. The exceptions that they raise include those that end a process.
/// </summary>
public abstract class HostileObjects<T>
    where T : ITestTransport
{
    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task A_wrong_argument_is_refused_whatever_the_values_beside_it_raise(string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        var defaults = new[] { "with_default", "with_dict_default", "with_nameless_default", "with_large_default", "with_level" };
        foreach (var tool in defaults)
        {
            var refused = await Assert.ThrowsAsync<ToolArgumentException>(
                () => pool.ExecuteAsync(tool, new { count = "one" }).InTime());
            Assert.Contains("'count' must be int, got str ('one')", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Length, 50, 500);
        }

        var named = await Assert.ThrowsAsync<ToolArgumentException>(
            () => pool.ExecuteAsync("with_default", new { count = "one" }).InTime());
        Assert.Contains($"given: Any = <{raised} in repr of Unreadable>", named.Message, StringComparison.Ordinal);
        string[] tools = adapter == "hostile_objects" ? ["with_checked"] : ["with_checked", "with_checked_async"];
        foreach (var tool in tools)
        {
            var refused = await Assert.ThrowsAsync<ToolArgumentException>(
                () => pool.ExecuteAsync(tool, new { count = 1, given = new { size = -1 } }).InTime());
            var fault = $"'given' must be Checked, got dict ({{'size': -1}}): {raised}: not \\ud83d today";
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, await pool.ExecuteAsync<int>(tool, new { count = 1, given = new { size = 1 } }).InTime());
        }

        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("with_level", new { count = 1, level = 7 }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("with_literal", new { count = 1, given = 7 }).InTime());
        Assert.Equal("plain", await pool.ExecuteAsync<string>("with_literal", new { count = 1, given = "plain" }).InTime());
        AssertNothingWasLost(pool);
    }

    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task An_argument_that_raises_when_it_is_hashed_or_compared_is_refused_with_its_path(
        string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        var suffixes = adapter == "hostile_objects" ? [""] : new[] { "", "_async" };
        foreach (var suffix in suffixes)
        {
            var stream = suffix.Length == 0 ? "with_set_in_stream" : "with_set_in_async_stream";
            foreach (var sizes in new[] { new[] { -1 }, [1, 2] })
            {
                var given = new[] { [], sizes.Select(size => new { size }).ToArray() };
                var fault = $"'given[1]' must be set[hostile_objects.Keyed], got list ([{{'size': {sizes[0]}}}";
                await RefusesAsync(fault, () => pool.ExecuteAsync("with_set" + suffix, new { given }));
                await RefusesAsync(fault, () => pool.StreamAsync<int>(stream, new { given }).ToListAsync());
            }

            var keys = new { given = new Dictionary<string, int> { ["LEFT"] = 1 } };
            await RefusesAsync("'given.LEFT' must be a key of", () => pool.ExecuteAsync("with_keys" + suffix, keys));
        }

        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
        AssertNothingWasLost(pool);

        async Task RefusesAsync(string fault, Func<Task> call)
        {
            var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => call().InTime());
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
            Assert.Contains($": {raised}: not \\ud83d today", refused.Message, StringComparison.Ordinal);
        }
    }

    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task An_exception_reaches_its_caller_whatever_its_class_raises(string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        string[] tools = adapter == "hostile_objects" ? ["raises"] : ["raises", "raises_async"];
        foreach (var kind in new[] { "text", "class", "words", "cause", "attributes", "group", "long", "surrogate", "keyboard" })
        {
            foreach (var tool in tools)
            {
                var error = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync(tool, new { kind }).InTime());
                AssertDescribes(kind, error);
            }

            var inStream = await Assert.ThrowsAsync<PythonException>(
                () => pool.StreamAsync<int>("raises_in_stream", new { kind }).ToListAsync().InTime());
            AssertDescribes(kind, inStream);
        }

        AssertNothingWasLost(pool);
    }

    [PythonTheory]
    [InlineData("ValueError", 1)]
    [InlineData("SystemExit", 1)]
    [InlineData("KeyboardInterrupt", 4)]
    public async Task What_a_tool_awaits_may_yield_an_object_that_raises_when_it_is_shown(string raised, int capacity)
    {
        await using var pool = await StartAsync("hostile_async_objects", raised, capacity);
        var error = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("awaits_async").InTime());
        Assert.Contains($"the task has awaited what cannot be awaited: {raised}", error.Message, StringComparison.Ordinal);
        AssertNothingWasLost(pool);
    }

    private static void AssertDescribes(string kind, PythonException error)
    {
        Assert.NotEmpty(error.PythonTraceback);
        switch (kind)
        {
            case "text":
                Assert.Equal("hostile_objects.UnreadableError", error.PythonType);
                Assert.Contains("whose __str__ raised", error.PythonMessage, StringComparison.Ordinal);
                break;
            case "class":
                Assert.EndsWith("NamelessError", error.PythonType, StringComparison.Ordinal);
                break;
            case "attributes":
                Assert.Equal("""{"three":3,"four":4}""", error.Attributes.GetRawText());
                break;
            case "long":
                Assert.InRange(error.PythonMessage.Length, 10_000, 13_000);
                break;
            case "surrogate":
                Assert.Equal("Half\\ud83d", error.PythonType);
                Assert.Equal("half \\ud83d", error.PythonMessage);
                break;
        }
    }

    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task A_result_or_chunk_that_raises_when_it_is_read_fails_only_its_call(string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        var isAsync = adapter != "hostile_objects";
        foreach (var kind in new[] { "object", "dict", "inside", "class", "key" })
        {
            await AssertFailsAsync(() => pool.ExecuteAsync("returns", new { kind }));
            await AssertFailsAsync(() => pool.StreamAsync<JsonElement>("yields", new { kind }).ToListAsync());
            if (isAsync)
            {
                await AssertFailsAsync(() => pool.ExecuteAsync("returns_async", new { kind }));
                await AssertFailsAsync(() => pool.StreamAsync<JsonElement>("yields_async", new { kind }).ToListAsync());
            }
        }

        AssertNothingWasLost(pool);
    }

    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task Tools_are_listed_whatever_their_defaults_and_descriptions_raise(string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        var tools = (await pool.ListToolsAsync().InTime()).ToDictionary(tool => tool.Name);
        Assert.Equal("A description with half of a \\ud83d", tools["described"].Description);
        Assert.All(
            ["with_default", "with_dict_default", "with_nameless_default", "with_large_default"],
            (string name) => Assert.Null(tools[name].Parameters.Single(one => one.Name == "given").DefaultValue));
        AssertNothingWasLost(pool);
    }

    [PythonTheory]
    [ClassData(typeof(HostileSurroundings))]
    public async Task A_generator_that_raises_while_it_is_closed_and_a_logger_that_raises_harm_nothing(
        string adapter, string raised, int capacity)
    {
        await using var pool = await StartAsync(adapter, raised, capacity);
        await foreach (var _ in pool.StreamAsync<int>("close_badly"))
        {
            break;
        }

        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
        AssertNothingWasLost(pool);
    }

    private static async Task AssertFailsAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAnyAsync<SnakepitException>(() => call().InTime());
        Assert.True(failure is ResultEncodingException or PythonException, failure.ToString());
    }

    private static void AssertNothingWasLost(SnakepitPool pool) => Assert.Equal(0, pool.GetStatistics().Restarts);

    private static Task<SnakepitPool> StartAsync(string adapter, string raised, int capacity) => SnakepitPool.StartAsync(
        Probe.Over<T>() with
        {
            Adapter = adapter,
            Workers = 1,
            MaxConcurrentCallsPerWorker = capacity,
            EnvironmentVariables = new Dictionary<string, string> { ["RAISED"] = raised },
        }).InTime();
}

public sealed class HostileObjectsOverGrpc : HostileObjects<OverGrpc>;

public sealed class HostileObjectsOverDirect : HostileObjects<OverDirect>;

/// <summary>The adapter, the exception that its objects raise, and how many calls its worker runs at once.</summary>
public sealed class HostileSurroundings : TheoryData<string, string, int>
{
    public HostileSurroundings()
    {
        Add("hostile_objects", "ValueError", 1);
        Add("hostile_objects", "KeyboardInterrupt", 1);
        Add("hostile_objects", "SystemExit", 1);
        Add("hostile_async_objects", "GeneratorExit", 1);
        Add("hostile_async_objects", "SystemExit", 3);
    }
}
