using System.Text.Json;
using Microsoft.Extensions.AI;
using Snakepit.AI;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.AI;

/// <summary>Tests the functions for language models that are made of a pool's tools.</summary>
public sealed class PoolFunctions
{
    private static readonly SnakepitOptions Options = Probe.Options with { Adapter = "functions_for_models", Workers = 1 };

    [PythonFact]
    public async Task A_function_has_the_name_the_docstring_and_the_annotations_of_its_tool()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var functions = await pool.ListAIFunctionsAsync().InTime();

        Assert.Equal(["remember", "weather"], functions.Select(function => function.Name).Order(StringComparer.Ordinal));
        var weather = functions.Single(function => function.Name == "weather");
        Assert.Equal("Return the forecast for a city.", weather.Description);
        AssertSame(
            """
            {
              "type": "object",
              "properties": {
                "city": { "type": "string" },
                "days": { "type": "integer", "default": 3 },
                "unit": { "enum": ["C", "F"], "default": "C" }
              },
              "required": ["city"],
              "additionalProperties": false
            }
            """,
            weather.JsonSchema);
        AssertSame("""{ "type": "object", "additionalProperties": { "type": "number" } }""", weather.ReturnJsonSchema!.Value);
        var remember = functions.Single(function => function.Name == "remember");
        AssertSame(
            """
            {
              "type": "object",
              "properties": {
                "facts": { "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "type": "null" }], "default": null }
              },
              "required": [],
              "additionalProperties": true
            }
            """,
            remember.JsonSchema);
    }

    [PythonFact]
    public async Task A_function_calls_its_tool_with_what_a_model_or_code_gives()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var functions = await pool.ListAIFunctionsAsync().InTime();
        var weather = functions.Single(function => function.Name == "weather");
        var remember = functions.Single(function => function.Name == "remember");

        var given = JsonSerializer.Deserialize<Dictionary<string, object?>>("""{ "city": "Rome", "days": 1 }""")!; // as from a model
        var forecast = Assert.IsType<JsonElement>(await weather.InvokeAsync(new AIFunctionArguments(given)).AsTask().InTime());
        AssertSame("""{ "day 1": 20.5 }""", forecast);
        var arguments = new AIFunctionArguments { ["facts"] = new[] { "one", "two" }, ["third"] = 3 };
        Assert.Equal(3, Assert.IsType<JsonElement>(await remember.InvokeAsync(arguments).AsTask().InTime()).GetInt32());

        var refused = await Assert.ThrowsAsync<PythonException>(
            () => weather.InvokeAsync(new AIFunctionArguments { ["city"] = "" }).AsTask().InTime());
        Assert.Contains("a city is needed", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ToolArgumentException>(() => weather.InvokeAsync(new AIFunctionArguments()).AsTask().InTime());
    }

    [PythonFact]
    public async Task A_cancelled_function_cancels_its_call()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options).InTime();
        var hang = (await pool.ListAIFunctionsAsync().InTime()).Single(function => function.Name == "hang");
        using var giveUp = new CancellationTokenSource();
        var call = hang.InvokeAsync(new AIFunctionArguments(), giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(1, pool.GetStatistics().Calls.Cancelled);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("Any", "{}")]
    [InlineData("bool", """{ "type": "boolean" }""")]
    [InlineData("datetime.datetime", """{ "type": "string", "format": "date-time" }""")]
    [InlineData("tuple[int, ...]", """{ "type": "array", "items": { "type": "integer" } }""")]
    [InlineData("tuple[int, str]", """{ "type": "array" }""")]
    [InlineData("set[str]", """{ "type": "array", "items": { "type": "string" }, "uniqueItems": true }""")]
    [InlineData("typing.Optional[float]", """{ "anyOf": [{ "type": "number" }, { "type": "null" }] }""")]
    [InlineData("dict[str, int | None]",
        """{ "type": "object", "additionalProperties": { "anyOf": [{ "type": "integer" }, { "type": "null" }] } }""")]
    [InlineData("typing.Literal['a', \"b c\", -3, True]", """{ "enum": ["a", "b c", -3, true] }""")]
    [InlineData("typing.Annotated[int, 'a count']", """{ "type": "integer" }""")]
    [InlineData("shapes.Circle", """{ "description": "Python type: Circle" }""")]
    [InlineData("list[shapes.Circle]", """{ "type": "array", "items": { "description": "Python type: Circle" } }""")]
    [InlineData("Callable[[int], str]", """{ "description": "Python type: Callable[[int], str]" }""")]
    [InlineData("list[int", """{ "description": "Python type: list[int" }""")]
    [InlineData("'Forward'", """{ "description": "Python type: 'Forward'" }""")]
    public void An_annotation_becomes_the_schema_of_what_it_accepts(string annotation, string schema) =>
        AssertSame(schema, JsonDocument.Parse(AnnotationSchema.Of(annotation).ToJsonString()).RootElement);

    private static void AssertSame(string expected, JsonElement actual) =>
        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, actual),
            $"expected {expected}, and it is {actual.GetRawText()}");
}
