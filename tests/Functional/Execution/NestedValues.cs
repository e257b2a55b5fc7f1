using System.Text.Json;
using System.Text.Json.Nodes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that values may be nested a thousand levels deep in every direction, and that the limit is named beyond that.</summary>
public abstract class NestedValues<T>(TypedPool<T> typed) : IClassFixture<TypedPool<T>>
    where T : ITestTransport
{
    private const int Levels = 1_024;
    private const string Limit = "1,024 levels, which is the limit";

    private sealed record Node(object? Next);

    [PythonFact]
    public async Task As_many_levels_as_the_limit_says_travel_in_every_direction()
    {
        var options = Probe.Over<T>() with
        {
            Adapter = "typed_values",
            Workers = 1,
            HostTools = new Dictionary<string, HostTool>
            {
                ["same"] = HostTool.Create((Dictionary<string, JsonElement> all) => all["given"]),
                ["made"] = HostTool.Create((Dictionary<string, JsonElement> all) => NestedRecord(all["levels"].GetInt32())),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();

        Assert.Equal(Levels, await pool.ExecuteAsync<int>("depth_of", new { given = NestedElement(Levels) }).InTime());
        Assert.Equal(Levels, await pool.ExecuteAsync<int>("depth_of", new { given = NestedNode(Levels) }).InTime());
        Assert.Equal(Levels, await pool.ExecuteAsync<int>("depth_of", new { given = NestedRecord(Levels) }).InTime());
        Assert.Equal(Levels, DepthOf(await pool.ExecuteAsync<JsonElement>("nested", new { levels = Levels }).InTime()));
        var chunks = await pool.StreamAsync<JsonElement>("nested_chunks", new { levels = Levels }).ToListAsync().InTime();
        Assert.Equal(Levels, DepthOf(Assert.Single(chunks)));
        Assert.Equal(Levels, await pool.ExecuteAsync<int>("nested_through_host", new { levels = Levels }).InTime());
        Assert.Equal(Levels, await pool.ExecuteAsync<int>("depth_of_host_result", new { levels = Levels }).InTime());
        var raised = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("raises_nested", new { levels = Levels }).InTime());
        Assert.Equal(Levels, DepthOf(raised.Attributes.GetProperty("deep")));
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_default_value_is_listed_if_it_is_not_nested_too_deeply()
    {
        var tools = await typed.Pool.ListToolsAsync().InTime();
        var parameters = tools.Single(tool => tool.Name == "nested_default").Parameters;
        Assert.Equal(900, DepthOf(parameters[0].DefaultValue!.Value));
        Assert.Null(parameters[1].DefaultValue);
    }

    [PythonFact]
    public async Task A_result_beyond_the_limit_is_refused_with_the_limit_and_the_place()
    {
        foreach (var levels in new[] { 1_025, 5_000, 100_000 })
        {
            var refused = await Assert.ThrowsAsync<ResultEncodingException>(
                () => typed.Pool.ExecuteAsync("nested", new { levels }).InTime());
            Assert.Contains(Limit, refused.Message, StringComparison.Ordinal);
            Assert.Contains("at [0][0]", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Length, 100, 600);
        }

        var raised = await Assert.ThrowsAsync<PythonException>(
            () => typed.Pool.ExecuteAsync("raises_nested", new { levels = 5_000 }).InTime());
        Assert.Equal("{}", raised.Attributes.GetRawText());
        await typed.AssertStillUsable();
    }

    [PythonFact]
    public async Task An_argument_beyond_the_limit_is_refused_with_the_limit_and_the_place()
    {
        foreach (var given in new object[] { NestedElement(1_025), NestedNode(1_025), NestedRecord(1_025), NestedElement(1_100), Circle() })
        {
            var refused = await Assert.ThrowsAsync<ToolArgumentException>(
                () => typed.Pool.ExecuteAsync("depth_of", new { given }).InTime());
            Assert.Contains(Limit, refused.Message, StringComparison.Ordinal);
            Assert.Contains("at given", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Length, 100, 600);
        }
    }

    [PythonFact]
    public async Task An_argument_of_a_wrong_type_may_be_nested_deeply_too()
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(
            () => typed.Pool.ExecuteAsync("as_float", new { given = NestedElement(1_000) }).InTime());
        Assert.Contains("'given' must be float, got list", refused.Message, StringComparison.Ordinal);
        await typed.AssertStillUsable();
    }

    private static JsonElement NestedElement(int levels) =>
        JsonDocument.Parse(new string('[', levels) + new string(']', levels), new() { MaxDepth = levels }).RootElement;

    private static JsonNode NestedNode(int levels)
    {
        JsonNode node = new JsonArray();
        for (var level = 1; level < levels; level++)
        {
            node = new JsonArray(node);
        }

        return node;
    }

    private static Node NestedRecord(int levels)
    {
        var node = new Node(null);
        for (var level = 1; level < levels; level++)
        {
            node = new Node(node);
        }

        return node;
    }

    private static List<object> Circle()
    {
        var circle = new List<object>();
        circle.Add(circle);
        return circle;
    }

    private static int DepthOf(JsonElement element)
    {
        var levels = 1;
        for (; element.GetArrayLength() > 0; element = element[0])
        {
            levels++;
        }

        return levels;
    }
}

public sealed class NestedValuesOverGrpc(TypedPool<OverGrpc> typed) : NestedValues<OverGrpc>(typed);

public sealed class NestedValuesOverDirect(TypedPool<OverDirect> typed) : NestedValues<OverDirect>(typed);
