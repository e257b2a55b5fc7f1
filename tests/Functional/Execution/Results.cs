using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

public abstract class Results<T>(ProbePool<T> probe) : IClassFixture<ProbePool<T>>
    where T : IOver
{
    private const int Megabyte = 1024 * 1024;

    private readonly SnakepitPool _pool = probe.Pool;

    [PythonTheory]
    [InlineData("nan", "float")]
    [InlineData("infinity", "list")]
    [InlineData("set", "set")]
    [InlineData("bytes", "bytes")]
    [InlineData("object", "_Opaque")]
    [InlineData("date", "dict")]
    [InlineData("surrogate", "str")]
    [InlineData("circular", "list")]
    [InlineData("deep", "list")]
    [InlineData("key", "dict")]
    [InlineData("rebellious", "_Rebellious")]
    public async Task A_result_that_json_cannot_carry_is_refused_with_its_type_and_what_would_work(string kind, string type)
    {
        var refused = await Assert.ThrowsAsync<ResultEncodingException>(() => _pool.ExecuteAsync("not_encodable", new { kind }).InTime());
        Assert.Contains($"a value of type {type} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'not_encodable'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("return None, bool, int", refused.Message, StringComparison.Ordinal);
        await probe.IsStillUsable();
    }

    [PythonFact]
    public async Task A_type_that_no_json_can_become_is_refused_by_its_name()
    {
        var type = await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<Type>("value", new { given = "text" }).InTime());
        Assert.Contains("System.Type", type.Message, StringComparison.Ordinal);
        var contract = await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<IDisposable>("value", new { given = new { } }).InTime());
        Assert.Contains("System.IDisposable", contract.Message, StringComparison.Ordinal);
        await probe.IsStillUsable();
    }

    [PythonFact]
    public async Task A_result_of_another_type_is_refused_with_its_json()
    {
        var refused = await Assert.ThrowsAsync<ResultConversionException>(
            () => _pool.ExecuteAsync<int>("value", new { given = "text" }).InTime());
        Assert.Contains("System.Int32", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"text\"", refused.Message, StringComparison.Ordinal);
        await probe.IsStillUsable();
    }

    [PythonFact]
    public async Task A_long_result_of_another_type_is_shown_in_part()
    {
        var refused = await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<int>("big", new { mb = 1 }).InTime());
        Assert.InRange(refused.Message.Length, 200, 1_000);
    }

    [PythonFact]
    public async Task Null_is_no_number()
    {
        await Assert.ThrowsAsync<ResultConversionException>(() => _pool.ExecuteAsync<int>("value", new { given = (string?)null }).InTime());
        Assert.Null(await _pool.ExecuteAsync<int?>("value", new { given = (string?)null }).InTime());
    }

    [PythonFact]
    public async Task Sixty_four_megabytes_travel_both_ways()
    {
        var text = new string('x', 64 * Megabyte);
        Assert.Equal(text, await _pool.ExecuteAsync<string>("value", new { given = text }).InTime());
        await probe.IsStillUsable();
    }

    [PythonFact]
    public async Task Arguments_over_the_limit_never_leave_the_process()
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
    public async Task A_result_over_the_limit_is_refused_by_its_worker()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, MaxPayloadBytes = Megabyte }).InTime();
        var before = pool.ProcessIds();

        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() => pool.ExecuteAsync("big", new { mb = 1 }).InTime());

        Assert.Contains("1,048,578", refused.Message, StringComparison.Ordinal); // with its quotes
        Assert.Contains(nameof(SnakepitOptions.MaxPayloadBytes), refused.Message, StringComparison.Ordinal);
        Assert.Equal(before[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_result_that_nobody_wants_may_be_anything()
    {
        await _pool.ExecuteAsync("value", new { given = new { any = 1 } }).InTime();
        await _pool.ExecuteAsync("value", new { given = (string?)null }).InTime();
    }
}

public sealed class ResultsOverGrpc(ProbePool<OverGrpc> probe) : Results<OverGrpc>(probe);

public sealed class ResultsOverDirect(ProbePool<OverDirect> probe) : Results<OverDirect>(probe);
