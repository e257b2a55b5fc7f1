using System.Text.Json.Nodes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that arguments become objects of classes although they are nested as deeply as values may be.</summary>
public abstract class NestedClasses<T>
    where T : ITestTransport
{
    private const int Levels = 1_024;

    [PythonTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task As_many_levels_as_the_limit_says_become_objects_of_classes(int capacity)
    {
        await using var pool = await StartAsync(capacity);
        var calls = new (string Tool, JsonNode Given, int Objects)[]
        {
            ("node", Nested(Levels, null, inner => new JsonObject { ["next"] = inner }), Levels),
            ("node", Nested(Levels / 5, null, inner => new JsonObject { ["next"] = inner }), Levels / 5),
            ("branch", Nested((Levels / 2) - 1, Leaf("branches", new JsonArray()), Branch), Levels / 2),
            ("pair", Nested(Levels / 2, null, inner => Leaf("pair", new JsonArray(inner, 1))), Levels / 2),
            ("named", Nested(Levels / 2, null, inner => Leaf("by_name", Leaf("a", inner))), Levels / 2),
            ("linked", Nested(Levels, null, inner => new JsonObject { ["next"] = inner }), Levels),
            ("described", Nested(Levels, null, inner => new JsonObject { ["next"] = inner }), Levels),
            ("checked", Nested(Levels, null, inner => new JsonObject { ["next"] = inner }), Levels),
        };
        await Task.WhenAll(calls.Select(async call => Assert.Equal(
            (call.Tool, call.Objects), (call.Tool, await pool.ExecuteAsync<int>(call.Tool, new { given = call.Given }).InTime()))));
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_fault_at_the_innermost_level_is_refused_with_its_place_and_reason()
    {
        await using var pool = await StartAsync();
        var wrong = Nested(1_000, "text", inner => new JsonObject { ["next"] = inner });
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("node", new { given = wrong }).InTime());
        Assert.Contains("next.next' must be ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Node | None, got str ('text')", refused.Message, StringComparison.Ordinal);
        var endless = Nested(1_000, null, inner => new JsonObject { ["next"] = inner });
        var raised = await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("endless", new { given = endless }).InTime());
        Assert.Contains("RecursionError: maximum recursion depth exceeded", raised.Message, StringComparison.Ordinal);
        Assert.Equal(3, await pool.ExecuteAsync<int>("node", new { given = new { next = new { next = new { } } } }).InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    private static JsonObject Branch(JsonNode? inner) => Leaf("branches", new JsonArray(inner));

    private static JsonObject Leaf(string name, JsonNode? value) => new() { [name] = value };

    private static JsonNode Nested(int objects, JsonNode? innermost, Func<JsonNode?, JsonNode> around)
    {
        for (var level = 0; level < objects; level++)
        {
            innermost = around(innermost);
        }

        return innermost!;
    }

    private static Task<SnakepitPool> StartAsync(int capacity = 1) => SnakepitPool.StartAsync(Probe.Over<T>() with
    {
        Adapter = "nested_classes",
        Workers = 1,
        MaxConcurrentCallsPerWorker = capacity,
    }).InTime();
}

public sealed class NestedClassesOverGrpc : NestedClasses<OverGrpc>;

public sealed class NestedClassesOverDirect : NestedClasses<OverDirect>;
