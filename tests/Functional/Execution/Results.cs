using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests results that cannot be encoded, converted or sent, and large values that can be sent.</summary>
public abstract class Results<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : ITestTransport
{
    private const int Megabyte = 1024 * 1024;

    private readonly SnakepitPool _pool = probe.Pool;

    [PythonTheory]
    [InlineData("object", "_Opaque")]
    [InlineData("surrogate", "str")]
    [InlineData("circular", "list")]
    [InlineData("deep", "list")]
    [InlineData("key", "dict")]
    [InlineData("rebellious", "_Rebellious")]
    public async Task A_result_that_json_cannot_represent_fails_with_its_type_and_the_types_that_work(string kind, string type)
    {
        var refused = await Assert.ThrowsAsync<ResultEncodingException>(() => _pool.ExecuteAsync("not_encodable", new { kind }).InTime());
        Assert.Contains($"a value of type {type} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'not_encodable'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("return None, bool, numbers", refused.Message, StringComparison.Ordinal);
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_requested_type_that_json_cannot_be_converted_to_is_named_in_the_error()
    {
        var type = await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.ExecuteAsync<Type>("value", new { given = "text" }).InTime());
        Assert.Contains("System.Type", type.Message, StringComparison.Ordinal);
        var abstraction = await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.ExecuteAsync<IDisposable>("value", new { given = new { } }).InTime());
        Assert.Contains("System.IDisposable", abstraction.Message, StringComparison.Ordinal);
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_result_that_does_not_convert_to_the_requested_type_is_shown_in_the_error()
    {
        var refused = await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.ExecuteAsync<int>("value", new { given = "text" }).InTime());
        Assert.Contains("System.Int32", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"text\"", refused.Message, StringComparison.Ordinal);
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_long_result_that_does_not_convert_is_shown_only_in_part()
    {
        var refused = await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<int>("big", new { mb = 1 }).InTime());
        Assert.InRange(refused.Message.Length, 200, 1_000);
    }

    [PythonFact]
    public async Task Null_does_not_convert_to_a_number()
    {
        await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<int>("value", new { given = (string?)null }).InTime());
        Assert.Null(await _pool.ExecuteAsync<int?>("value", new { given = (string?)null }).InTime());
    }

    [PythonFact]
    public async Task Sixty_four_megabytes_travel_both_ways()
    {
        var text = new string('x', 64 * Megabyte);
        Assert.Equal(text, await _pool.ExecuteAsync<string>("value", new { given = text }).InTime());
        await probe.AssertStillUsable();
    }

    [PythonFact]
    public async Task Arguments_over_the_size_limit_are_refused_before_they_are_sent()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, MaxPayloadBytes = Megabyte }).InTime();
        Assert.Equal(1_000_000, await pool.ExecuteAsync<int>("length", new { text = new string('x', 1_000_000) }).InTime());

        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(
            () => pool.ExecuteAsync("length", new { text = new string('x', Megabyte) }).InTime());

        Assert.Contains("'length'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1,048,576", refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SnakepitOptions.MaxPayloadBytes), refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_result_over_the_size_limit_is_refused_by_its_worker()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, MaxPayloadBytes = Megabyte }).InTime();
        var before = pool.ProcessIds();

        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() => pool.ExecuteAsync("big", new { mb = 1 }).InTime());

        Assert.Contains("1,048,578", refused.Message, StringComparison.Ordinal); // the size in bytes: 1 MB of text and two quotation marks
        Assert.Contains(nameof(SnakepitOptions.MaxPayloadBytes), refused.Message, StringComparison.Ordinal);
        Assert.Equal(before[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_call_that_ignores_its_result_accepts_any_value()
    {
        await _pool.ExecuteAsync("value", new { given = new { any = 1 } }).InTime();
        await _pool.ExecuteAsync("value", new { given = (string?)null }).InTime();
    }
}

public sealed class ResultsOverGrpc(ProbePool<OverGrpc> probe) : Results<OverGrpc>(probe);

public sealed class ResultsOverDirect(ProbePool<OverDirect> probe) : Results<OverDirect>(probe);
