using System.Text.Json;
using System.Text.Json.Nodes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that values keep their exact content on the way to Python and back.</summary>
public abstract class Values<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    private readonly SnakepitPool _pool = probe.Pool;

    [PythonFact]
    public async Task Names_that_a_json_node_cannot_tell_apart_are_refused_in_an_exception_of_the_pool()
    {
        var given = new Dictionary<string, int> { ["id"] = 1, ["ID"] = 2 };
        Assert.Equal(given, await _pool.ExecuteAsync<Dictionary<string, int>>("value", new { given }).InTime());
        await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<JsonNode>("value", new { given }).InTime());
    }

    [PythonTheory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("5")]
    [InlineData("5.0")]
    [InlineData("-0.0")]
    [InlineData("0.1")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e+308")]
    [InlineData("1152921504606846977")] // 2^60 + 1, which a double cannot represent
    [InlineData("1606938044258990275541962092341162602522202993782792835301376")] // 2^200, which no 64-bit integer can represent
    [InlineData("\"\"")]
    [InlineData("[[],{},[[null]]]")]
    [InlineData("{\"b\":1,\"a\":{\"\":2}}")]
    public async Task A_value_comes_back_with_every_digit(string json)
    {
        using var given = JsonDocument.Parse(json);
        var value = await _pool.ExecuteAsync<JsonElement>("value", new { given = given.RootElement }).InTime();
        Assert.Equal(json, value.GetRawText());
    }

    [PythonTheory]
    [InlineData("naïve Ω 漢字 🐍 e\u0301")]
    [InlineData("\u0000\u0001\u001f\u007f\u2028\ufeff")]
    [InlineData("\"quoted\" \\ / <tag> &amp; '")]
    public async Task Text_comes_back_unchanged(string text) =>
        Assert.Equal(text, await _pool.ExecuteAsync<string>("value", new { given = text }).InTime());

    [PythonFact]
    public async Task Python_values_arrive_as_the_equivalent_json()
    {
        var values = await _pool.ExecuteAsync<Dictionary<string, JsonElement>>("awkward_values").InTime();
        string Raw(string name) => values[name].GetRawText();

        Assert.Equal("null", Raw("none"));
        Assert.Equal("5", Raw("five"));
        Assert.Equal("5.0", Raw("five_point_zero"));
        Assert.Equal("1152921504606846977", Raw("large"));
        Assert.Equal("1606938044258990275541962092341162602522202993782792835301376", Raw("larger"));
        Assert.Equal(0.1, values["tenth"].GetDouble());
        Assert.Equal(double.Epsilon, values["tiny"].GetDouble());
        Assert.Equal("[1,[2,3]]", Raw("tuple"));
        Assert.Equal("true", Raw("true"));
        Assert.Equal("naïve Ω 漢字 🐍 \0 \u2028 \"quoted\" \\", values["text"].GetString());
        Assert.Equal("[{},[],\"\"]", Raw("empty"));
        Assert.Equal("{\"2\":\"int\",\"null\":\"none\",\"true\":\"bool\"}", Raw("keys"));
    }

    [PythonTheory]
    [InlineData("[1,1,2]", typeof(HashSet<int>), "an item is there twice")]
    [InlineData("[\"a\",\"b\",\"a\"]", typeof(ISet<string>), "an item is there twice")]
    [InlineData("[1,1]", typeof(SortedSet<int>), "an item is there twice")]
    [InlineData("{\"tags\":[1,1]}", typeof(Dictionary<string, IReadOnlySet<int>>), "at tags")]
    [InlineData("\"2024-01-01T00:00:00.123456789\"", typeof(DateTime), "digits below 100 ns")]
    [InlineData("[\"2024-01-01T00:00:00.12345678+02:00\"]", typeof(List<DateTimeOffset>), "digits below 100 ns")]
    public async Task A_result_that_its_type_would_change_is_refused(string json, Type type, string fault)
    {
        using var given = JsonDocument.Parse(json);
        var element = given.RootElement;
        var refused = await Assert.ThrowsAsync<ResultConversionException>(
            () => Calls.ExecuteAsync(_pool, type, "value", new { given = element }).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Sets_and_times_come_back_unchanged()
    {
        async Task Returns<TValue>(TValue given) => Assert.Equal(given, await _pool.ExecuteAsync<TValue>("value", new { given }).InTime());

        await Returns<HashSet<int>>([1, 2]);
        await Returns<SortedSet<string>>(["b", "a"]);
        await Returns<IReadOnlySet<int?>>(new HashSet<int?> { null, 1 });
        await Returns(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567));
        Assert.Equal(
            new DateTime(2024, 1, 1).AddTicks(1_234_560),
            await _pool.ExecuteAsync<DateTime>("value", new { given = "2024-01-01T00:00:00.123456000" }).InTime());
    }

    [PythonFact]
    public async Task None_arrives_as_null() =>
        Assert.Null(await _pool.ExecuteAsync<string?>("value", new { given = (string?)null }).InTime());

    [PythonFact]
    public async Task A_tool_can_read_how_much_time_its_call_has_left()
    {
        var limited = new CallOptions { Timeout = TimeSpan.FromSeconds(30) };
        Assert.InRange(await _pool.ExecuteAsync<double>("remaining", options: limited).InTime(), 10, 30);
        Assert.Null(await _pool.ExecuteAsync<double?>("remaining", options: new() { Timeout = Timeout.InfiniteTimeSpan }).InTime());
    }

    [PythonFact]
    public async Task A_pool_uses_the_json_options_that_it_was_given()
    {
        var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper };
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, Json = json }).InTime();
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("value", new { given = 1 }).InTime());
        Assert.Contains("unexpected 'GIVEN'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new Dictionary<string, int> { ["given"] = 1 }).InTime());
    }
}

public sealed class ValuesOverGrpc(ProbePool<OverGrpc> probe) : Values<OverGrpc>(probe);

public sealed class ValuesOverDirect(ProbePool<OverDirect> probe) : Values<OverDirect>(probe);
