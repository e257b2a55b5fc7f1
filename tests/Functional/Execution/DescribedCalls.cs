using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/array_tools.py</c>, and a host tool that uses no reflection.</summary>
public sealed class DescribedPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with
{
    Adapter = "array_tools",
    HostTools = new Dictionary<string, HostTool>
    {
        ["scale"] = HostTool.Create(
            (Scaling given) => Array.ConvertAll(given.Values, value => value * given.By),
            DescribedTypes.Default.Scaling,
            DescribedTypes.Default.DoubleArray),
    },
}))
    where T : ITestTransport;

/// <summary>
/// Tests that calls whose types a context of the source generator describes do what calls with reflection do, although the context has no
/// options.
/// </summary>
public abstract class DescribedCalls<T>(DescribedPool<T> described) : IClassFixture<DescribedPool<T>>
    where T : ITestTransport
{
    private static readonly DescribedTypes Types = DescribedTypes.Default;

    private readonly SnakepitPool _pool = described.Pool;

    private static DescribedPart Part => new("p", [7], Tensor.Create([0.5, 1], [2, 1]));

    private static DescribedValue Sample => new(
        "a", double.NaN, Half.NegativeInfinity, 0.10m, BigInteger.Pow(10, 30), new Complex(1, -2), [0.1, -0.0], new float[,] { { 1, 2 } },
        new([1, 2, 3]), Tensor.Create<short>([1, 2, 3, 4], [1, 2, 1, 2, 1]), (1, "b"), [3], new() { ["some_file"] = [1, 255] }, [Part]);

    [NumpyFact]
    public async Task A_record_comes_back_from_a_call_as_it_does_with_reflection()
    {
        var back = await _pool.ExecuteAsync("same", new(Sample), Types.GivenDescribedValue, Types.DescribedValue).InTime();
        var reflected = await _pool.ExecuteAsync<DescribedValue>("same", new { given = Sample }).InTime();
        Assert.Equal((double.NaN, Half.NegativeInfinity, 0.10m, 3), (back.RatioOfNan, back.Narrow, back.Price, back.Numbers.Single()));
        Assert.Equal((reflected.Huge, reflected.Turn, reflected.Pair), (back.Huge, back.Turn, back.Pair));
        Assert.Equal(
            Bits.Of(new object[] { reflected.Row, reflected.Grid, reflected.Memory, reflected.Tensor, reflected.Files, reflected.Parts }),
            Bits.Of(new object[] { back.Row, back.Grid, back.Memory, back.Tensor, back.Files, back.Parts }));
    }

    [NumpyFact]
    public async Task Names_follow_the_options_of_the_pool()
    {
        Assert.Equal(
            @"dict {'part_name': 'p', 'raw_bytes': b'\x07', 'tensor_of_part': [[0.5], [1.0]]}",
            await _pool.ExecuteAsync("as_anything", new(Part), Types.GivenDescribedPart, Types.String).InTime());

        var options = Probe.Over<T>() with { Adapter = "array_tools", Workers = 1, Json = new JsonSerializerOptions() };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal(
            @"dict {'PartName': 'p', 'RawBytes': b'\x07', 'TensorOfPart': [[0.5], [1.0]]}",
            await pool.ExecuteAsync("as_anything", new(Part), Types.GivenDescribedPart, Types.String).InTime());
    }

    [NumpyFact]
    public async Task Calls_without_arguments_or_result_streams_sessions_and_host_tools_need_no_reflection()
    {
        var given = new Given<double[]>([1, -2]);
        Assert.Equal(new float[1, 2], await _pool.ExecuteAsync("zeros", Types.SingleArray2D).InTime());
        await _pool.ExecuteAsync("back", given, Types.GivenDoubleArray).InTime();
        var pages = await _pool.StreamAsync("pages", new([1, 2], 2), Types.Pages, Types.DoubleArray).ToListAsync().InTime();
        Assert.Equal([[1, 2], [2, 3]], pages);
        Assert.Equal(2, (await _pool.StreamAsync("pages_of_zeros", Types.SingleArray2D).ToListAsync().InTime()).Count);
        var scaled = await _pool.ExecuteAsync("scaled_by_host", given, Types.GivenDoubleArray, Types.DoubleArray).InTime();
        Assert.Equal([2.5, -5], scaled);

        await using var session = _pool.OpenSession("described");
        await session.ExecuteAsync("keep", given, Types.GivenDoubleArray).InTime();
        Assert.Equal(-2, await session.ExecuteAsync("keep", given, Types.GivenDoubleArray, Types.Int32).InTime());
        Assert.Equal(new float[1, 2], await session.ExecuteAsync("zeros", Types.SingleArray2D).InTime());
        Assert.Single(await session.StreamAsync("pages", new([1], 1), Types.Pages, Types.DoubleArray).ToListAsync().InTime());
        Assert.Equal(2, (await session.StreamAsync("pages_of_zeros", Types.SingleArray2D).ToListAsync().InTime()).Count);
    }

    [NumpyFact]
    public async Task Shared_arrays_streams_and_arrays_whose_elements_nothing_describes_travel_too()
    {
        using var lent = SharedArray.CopyOf<double>([1, 2]);
        using var back = await _pool.ExecuteAsync("back", new(lent), Types.GivenSharedArrayDouble, Types.SharedArrayDouble).InTime();
        Assert.Equal([1, 2], back.AsReadOnlySpan().ToArray());
        using var stream = new MemoryStream("ab"u8.ToArray());
        Assert.Equal("bytes b'ab'", await _pool.ExecuteAsync("as_bytes", new(stream), Types.GivenStream, Types.String).InTime());
        var grid = new sbyte[,] { { 1, -1 } };
        var types = DescribedGrids.Default; // what comes back is a list of lists
        Assert.Equal(grid, await _pool.ExecuteAsync("same", new(grid), types.GivenSByteArray2D, types.SByteArray2D).InTime());
    }

    [NumpyFact]
    public async Task A_value_that_cannot_be_sent_is_refused_with_its_path()
    {
        var text = await Assert.ThrowsAsync<ToolArgumentException>(
            () => _pool.ExecuteAsync("same", new("\ud800"), Types.GivenString).InTime());
        Assert.Contains("at given (a text has a lone surrogate", text.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<ToolArgumentException>(
            () => _pool.ExecuteAsync("same", new(new Version(1, 2)), Types.GivenObject).InTime());
        Assert.Contains(
            "at given (JsonTypeInfo metadata for type 'System.Version' was not provided", unknown.Message, StringComparison.Ordinal);
        var number = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("same", 5, Types.Int32).InTime());
        Assert.Contains("System.Int32 is not written as a JSON object", number.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task A_result_of_another_type_is_refused_with_its_path()
    {
        async Task Refuses<TGiven, TResult>(
            string tool, TGiven given, JsonTypeInfo<TGiven> type, JsonTypeInfo<TResult> resultType, string fault)
        {
            var refused = await Assert.ThrowsAsync<ResultConversionException>(
                () => _pool.ExecuteAsync(tool, given, type, resultType).InTime());
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        }

        await Refuses(
            "made", new("nested"), Types.Making, Types.Nested,
            "System.Int32 cannot hold an array of float64 with shape (2,) at parts[0].data; ask for a type that has Double[] there");
        await Refuses("made", new("nested"), Types.Making, Types.JsonElement, "at parts[0].data");
        await Refuses("same", new([1, 1]), Types.GivenDoubleArray, Types.HashSetDouble, "an item is there twice");
        await Refuses("same", new([0.1]), Types.GivenDoubleArray, Types.String, "could not be converted to System.String");
    }

    [NumpyFact]
    public async Task Null_means_no_arguments_but_there_must_be_a_description()
    {
        await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("back", null!, Types.GivenString).InTime());
        Assert.Throws<ArgumentNullException>("resultType", () => { _ = _pool.ExecuteAsync<float[]>("zeros", resultType: null!); });
        Assert.Throws<ArgumentNullException>("argumentsType", () => { _ = _pool.ExecuteAsync("zeros", 1, null!, Types.Int32); });
        Assert.Throws<ArgumentNullException>("argumentsType", () => HostTool.Create((int one) => one, null!, Types.Int32));
        await _pool.ExecuteAsync("same", new { given = 1 }, null, CancellationToken.None).InTime(); // null are the options of the call here
    }
}

public sealed class DescribedCallsOverGrpc(DescribedPool<OverGrpc> described) : DescribedCalls<OverGrpc>(described);

public sealed class DescribedCallsOverDirect(DescribedPool<OverDirect> described) : DescribedCalls<OverDirect>(described);
