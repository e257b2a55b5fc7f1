using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/array_tools.py</c>.</summary>
public sealed class ArrayPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with
{
    Adapter = "array_tools",
    HostTools = new Dictionary<string, HostTool>
    {
        ["scale"] = HostTool.Create((ScaleArguments given) => Array.ConvertAll(given.Values, value => value * given.By)),
    },
}))
    where T : ITestTransport
{
    private sealed record ScaleArguments(double[] Values, double By);
}

/// <summary>Tests that bytes, arrays, and numbers that JSON does not have go to Python and back unchanged, or are refused.</summary>
public abstract class Arrays<T>(ArrayPool<T> arrays) : IClassFixture<ArrayPool<T>>
    where T : ITestTransport
{
    private readonly SnakepitPool _pool = arrays.Pool;

    private sealed record Picture(string Label, byte[,] Pixels);

    private sealed record Labelled(string Label);

    private sealed record Marked(string Text, int Zero, byte[] Data);

    private sealed record Mixture(byte[] Bytes, double[,] Grid, string Text, int Zero, double Nan);

    [NumpyTheory]
    [MemberData(nameof(ArraySamples.Arguments), MemberType = typeof(ArraySamples), DisableDiscoveryEnumeration = true)]
    public async Task An_array_arrives_as_what_the_annotation_names(string tool, object given, string seen) =>
        Assert.Equal(seen, await _pool.ExecuteAsync<string>(tool, Named(given)).InTime());

    [NumpyTheory]
    [MemberData(nameof(ArraySamples.Misfits), MemberType = typeof(ArraySamples), DisableDiscoveryEnumeration = true)]
    public async Task An_array_that_does_not_fit_its_annotation_is_refused_with_its_path(string tool, object given, string fault)
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync(tool, Named(given)).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Equal("bytes b'A'", await _pool.ExecuteAsync<string>("as_bytes", new { given = "A"u8.ToArray() }).InTime());
    }

    [NumpyTheory]
    [InlineData("back")]
    [InlineData("back_async")]
    public async Task Arrays_of_every_kind_and_shape_come_back_unchanged(string tool)
    {
        async Task Returns<TArray>(TArray given) => Assert.Equal(given, await _pool.ExecuteAsync<TArray>(tool, new { given }).InTime());

        await Returns<byte[]>([1, 255]);
        await Returns<bool[]>([true, false]);
        await Returns<long[]>([-1L, long.MaxValue]);
        await Returns<float[]>([float.NaN, -0f, float.Epsilon]);
        await Returns<Complex[]>([new Complex(1, 2)]);
        await Returns(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        await Returns(new int[2, 0, 3]);
        await Returns(new short[,,,] { { { { 1, 2 } }, { { 3, 4 } } } });
        await Returns(Enumerable.Range(0, 300_000).Select(item => item * 0.1).ToArray());
        var memory = await _pool.ExecuteAsync<ReadOnlyMemory<int>>(tool, new { given = new Memory<int>([1, 2]) }).InTime();
        Assert.Equal(new[] { 1, 2 }, memory.ToArray());
    }

    [NumpyFact]
    public async Task Results_arrive_as_the_type_that_is_asked_for()
    {
        Task<TResult> Made<TResult>(string kind) => _pool.ExecuteAsync<TResult>("made", new { kind }).InTime();

        Assert.Equal(new byte[] { 0, 255 }, await Made<byte[]>("bytes"));
        Assert.Equal("ab"u8.ToArray(), await Made<byte[]>("bytearray"));
        Assert.Equal("ace"u8.ToArray(), await Made<byte[]>("view"));
        Assert.Equal(2, (await Made<Stream>("bytes")).Length);
        Assert.Equal(new short[] { (short)1, (short)-2 }, await Made<short[]>("packed"));
        Assert.Equal(new long[] { 1L, -2L }, await Made<long[]>("packed")); // each short is a long
        Assert.Equal(new[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, await Made<int[,]>("transposed"));
        Assert.Equal(new int[] { 1, 256 }, await Made<int[]>("big endian"));
        Assert.Equal(new Complex[] { new Complex(1, 2) }, await Made<Complex[]>("narrow complex"));
        Assert.Equal(2.5, await Made<double>("single"));
        Assert.Equal("[0.5,7,true]", (await Made<JsonElement>("scalars")).GetRawText());
        Assert.Equal(new double[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5 }, await Made<double[]>("numbers"));
        Assert.Equal(
            new double?[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5 }, await Made<List<double?>>("numbers"));
        Assert.Equal(new Complex(1, -2), await Made<Complex>("complex"));
        Assert.Equal(new byte[2, 1], (await Made<Picture>("picture")).Pixels);
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5).AddMicroseconds(600), (await Made<DateTime[]>("dates"))[0]);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.FromHours(2)), (await Made<DateTimeOffset[]>("dates"))[1]);
        Assert.Equal("2026-01-02T03:00:00.0000000Z", (await Made<DateTime>("utc")).ToString("O", CultureInfo.InvariantCulture));
        Assert.Equal(new DateOnly(2026, 1, 2), await Made<DateOnly>("day"));
        Assert.Equal(new TimeOnly(1, 2, 3), await Made<TimeOnly>("time"));
        Assert.Equal(new TimeSpan(1, 2, 0, 0) + TimeSpan.FromMicroseconds(5), await Made<TimeSpan>("span"));
        Assert.Equal(Guid.Parse("12345678-1234-5678-1234-567812345678"), await Made<Guid>("id"));
        Assert.Equal(12345678901234567890.10m, await Made<decimal>("decimal"));
        Assert.Equal("red", await Made<string>("color"));
        Assert.Equal(1, Assert.Single(await Made<HashSet<int>>("set")));
        var mark = await Made<Marked>("mark");
        Assert.Equal(("\0", 0, "0"), (mark.Text, mark.Zero, Encoding.ASCII.GetString(mark.Data)));
    }

    [NumpyTheory]
    [InlineData("bytes", typeof(string), "cannot be converted to System.String: <2 bytes>")]
    [InlineData("bytes", typeof(int), "Int32 cannot hold 2 bytes; ask for a type that has Byte[] there")]
    [InlineData("bytes", typeof(JsonElement), "JsonElement cannot hold 2 bytes")]
    [InlineData("numbers", typeof(int[]), "Int32")]
    [InlineData("transposed", typeof(int[]), "an array of int32 with shape (3, 2): it does not have 1 dimension")]
    [InlineData("transposed", typeof(short[,]), "a Int16 cannot hold every int32")]
    [InlineData("nested", typeof(Dictionary<string, JsonElement>), "float64 with shape (2,) at parts[0].data; ask for a type that has Dou")]
    [InlineData("objects", typeof(JsonElement), "object")]
    public async Task A_result_that_does_not_fit_is_refused_with_what_it_is_and_where(string kind, Type type, string fault)
    {
        var refused = await Assert.ThrowsAnyAsync<SnakepitException>(
            () => Calls.ExecuteAsync(_pool, type, "made", new { kind }).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task What_is_attached_to_a_property_that_the_type_lacks_is_left_out_as_other_properties_are() =>
        Assert.Equal("x", (await _pool.ExecuteAsync<Labelled>("made", new { kind = "nested" }).InTime()).Label);

    [NumpyFact]
    public async Task Arrays_travel_in_streams_sessions_and_host_tools()
    {
        var pages = await _pool.StreamAsync<int[]>("pages", new { given = new[] { 1, 2 }, count = 3 }).ToListAsync().InTime();
        Assert.Equal([[1, 2], [2, 3], [3, 4]], pages);

        await using var session = _pool.OpenSession("arrays");
        Assert.Equal(3, await session.ExecuteAsync<int>("keep", new { given = new[] { 1, 2 } }).InTime());
        Assert.Equal(10, await session.ExecuteAsync<int>("keep", new { given = new[] { 3L, 4L } }).InTime());

        var scaled = await _pool.ExecuteAsync<double[]>("scaled_by_host", new { given = new[] { 1.0, -2.0 } }).InTime();
        Assert.Equal(new double[] { 2.5, -5 }, scaled);
    }

    [NumpyFact]
    public async Task A_tool_cannot_write_into_its_arguments() => Assert.Contains(
        "read-only",
        (await Assert.ThrowsAsync<PythonException>(() => _pool.ExecuteAsync("spoil", new { given = new[] { 1 } }).InTime())).Message,
        StringComparison.Ordinal);

    [NumpyFact]
    public async Task Json_and_attachments_together_are_limited_in_both_directions()
    {
        var options = Probe.Over<T>() with { Adapter = "array_tools", Workers = 1, MaxPayloadBytes = 100_000 };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var large = await Assert.ThrowsAsync<PayloadTooLargeException>(
            () => pool.ExecuteAsync("same", new { given = new[] { new double[7_000], new double[7_000] } }).InTime());
        Assert.Contains("take more than 100,000 bytes", large.Message, StringComparison.Ordinal);
        var fitting = new[] { new double[6_000], new double[6_000] };
        Assert.Equal(fitting, await pool.ExecuteAsync<double[][]>("same", new { given = fitting }).InTime());
        var doubled = await Assert.ThrowsAsync<PayloadTooLargeException>(
            () => pool.ExecuteAsync<JsonElement>("same", new { given = Enumerable.Repeat(double.NaN, 3_000) }).InTime());
        Assert.Contains("100,000", doubled.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task Random_values_come_back_unchanged()
    {
        var random = new Random(20);
        for (var round = 0; round < 200; round++)
        {
            var given = new byte[random.Next(0, 2_000)];
            random.NextBytes(given);
            var (rows, columns) = (random.Next(1, 5), random.Next(1, 5));
            var grid = new double[rows, columns];
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    grid[row, column] = BitConverter.Int64BitsToDouble(random.NextInt64());
                }
            }

            var sent = new Mixture(given, grid, "0", Zero: 0, double.NaN);
            var back = await _pool.ExecuteAsync<Mixture>("same", Named(sent)).InTime();
            Assert.Equal(sent with { Bytes = back.Bytes, Grid = back.Grid }, back);
            Assert.Equal(sent.Bytes, back.Bytes);
            Assert.Equal(sent.Grid, back.Grid);
        }
    }

    private static Dictionary<string, object?> Named(object given) => new() { ["given"] = given };
}

public sealed class ArraysOverGrpc(ArrayPool<OverGrpc> arrays) : Arrays<OverGrpc>(arrays);

public sealed class ArraysOverDirect(ArrayPool<OverDirect> arrays) : Arrays<OverDirect>(arrays);
