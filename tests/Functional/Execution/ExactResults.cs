using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that results, chunks, exceptions and values of host tools lose nothing, or are refused with their path.</summary>
public abstract class ExactResults<T>(TypedPool<T> typed) : IClassFixture<TypedPool<T>>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("key twice", "a value of type dict at rows[0] ", "the key '1' twice once its keys are text: int and str")]
    [InlineData("none twice", "a value of type dict ", "the key 'null' twice")]
    [InlineData("bool twice", "a value of type dict ", "the key 'true' twice")]
    [InlineData("float twice", "a value of type dict at a ", "the key '1.0' twice")]
    [InlineData("infinite key", "[0]", "inf is not a finite float")]
    [InlineData("surrogate", "a value of type str at texts[1] ", "a lone surrogate, '\\ud83d', at position 5")]
    [InlineData("surrogate key", "a value of type dict at [0] ", "a lone surrogate, '\\ud83d', at position 5")]
    [InlineData("generator", "a value of type generator at rows ", "list(it)")]
    [InlineData("long integer", "a value of type int at rows[0] ", "an integer of more digits than Python's limit of 4,300")]
    public async Task What_json_would_change_is_refused_with_its_path_as_a_result_a_chunk_and_an_argument_of_a_host_tool(
        string kind, string place, string reason)
    {
        var result = await Assert.ThrowsAsync<ResultEncodingException>(() => typed.Pool.ExecuteAsync("result", new { kind }).InTime());
        var chunk = await Assert.ThrowsAsync<ResultEncodingException>(
            () => typed.Pool.StreamAsync<JsonElement>("results", new { kind }).ToListAsync().InTime());
        var raised = await Assert.ThrowsAsync<PythonException>(() => typed.Pool.ExecuteAsync("raises_with", new { kind }).InTime());
        var passed = await typed.Pool.ExecuteAsync<string>("pass_to_host", new { kind }).InTime();

        Assert.All([result.Message, chunk.Message], message => Assert.Contains(place, message, StringComparison.Ordinal));
        Assert.All([result.Message, chunk.Message, passed], message => Assert.Contains(reason, message, StringComparison.Ordinal));
        Assert.StartsWith("TypeError", passed, StringComparison.Ordinal);
        Assert.Equal("""{"good":{"1":"a","b":[1.5]}}""", raised.Attributes.GetRawText());
        await typed.AssertStillUsable();
    }

    [PythonFact]
    public async Task Results_of_host_tools_arrive_unchanged_or_are_refused_with_their_path()
    {
        var options = Probe.Over<T>() with
        {
            Adapter = "typed_values",
            Workers = 1,
            HostTools = new Dictionary<string, HostTool>
            {
                ["whole"] = HostTool.Create((JsonElement _) => new object[] { 5.0, -0.0, 5 }),
                ["surrogate"] = HostTool.Create((JsonElement _) => new { texts = new[] { "\ud83d" } }),
                ["repeated"] = HostTool.Create((JsonElement _) => new object[] { new Dictionary<object, int> { [1] = 1, ["1"] = 2 } }),
                ["long"] = HostTool.Create((JsonElement _) => new { rows = new[] { System.Numerics.BigInteger.Pow(10, 4300) } }),
                ["infinite"] = HostTool.Create((JsonElement _) => JsonDocument.Parse("[1e400]").RootElement),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();

        Task<string> Take(string name) => pool.ExecuteAsync<string>("take_from_host", new { name }).InTime();

        Assert.Equal("[5.0, -0.0, 5]", await Take("whole"));
        Assert.Contains("at texts[0] (a text has a lone surrogate", await Take("surrogate"), StringComparison.Ordinal);
        Assert.Contains("at [0] (the object has two properties with the name \"1\")", await Take("repeated"), StringComparison.Ordinal);
        Assert.Contains("at rows[0]: an integer of 4,301 digits is over Python's limit", await Take("long"), StringComparison.Ordinal);
        Assert.Contains("at [0] (1e400 is too large", await Take("infinite"), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_integer_with_more_digits_than_the_requested_type_holds_is_refused()
    {
        Task<TResult> Int<TResult>(string digits) => typed.Pool.ExecuteAsync<TResult>("returns_int", new { digits }).InTime();

        Assert.Equal(1L << 60, await Int<double>("1152921504606846976"));
        var refused = await Assert.ThrowsAsync<ResultConversionException>(() => Int<double>("1152921504606846977"));
        Assert.Contains("1152921504606846977 has more digits than a Double can hold", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ResultConversionException>(() => Int<float>("16777217"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Int<double>("1" + new string('0', 400)));
        await Assert.ThrowsAsync<ResultConversionException>(() => Int<long>("9223372036854775808"));
        Assert.Equal(System.Numerics.BigInteger.Pow(10, 400), await Int<System.Numerics.BigInteger>("1" + new string('0', 400)));
    }

    [PythonFact]
    public async Task A_float_that_the_requested_type_cannot_hold_is_refused()
    {
        Task<TResult> Float<TResult>(string digits) => typed.Pool.ExecuteAsync<TResult>("returns_float", new { digits }).InTime();

        Assert.Equal(0.1f, await Float<float>("0.1"));
        Assert.Equal(-0.0, await Float<double>("-0.0"));
        Assert.True(double.IsNegative(await Float<double>("-0.0")));
        Assert.Equal(0.1m, await Float<decimal>("0.1"));
        Assert.Equal(1e-28m, await Float<decimal>("1e-28"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<float>("1e300"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<Half>("1e10"));
        var refused = await Assert.ThrowsAsync<ResultConversionException>(() => Float<float>("-1e-300"));
        Assert.Contains("-1e-300 is too small for a Single, which would be 0", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<Half>("1e-10"));
        Assert.Equal(0f, await Float<float>("0.0"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<decimal>("5e-324"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<decimal>("1.2345678901234567e-20"));
        await Assert.ThrowsAsync<ResultConversionException>(() => Float<int>("5.0"));
    }
}

public sealed class ExactResultsOverGrpc(TypedPool<OverGrpc> typed) : ExactResults<OverGrpc>(typed);

public sealed class ExactResultsOverDirect(TypedPool<OverDirect> typed) : ExactResults<OverDirect>(typed);
