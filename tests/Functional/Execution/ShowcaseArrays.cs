using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of the showcase that take and return arrays.</summary>
public sealed class ArrayShowcasePool<T>()
    : SharedPool(Probe.Over<T>(Probe.Showcase with { Adapter = "snakepit_worker.adapters.showcase.arrays" }))
    where T : ITestTransport;

/// <summary>Tests that the showcase's tools of arrays do what their names say, when .NET calls them.</summary>
public abstract class ShowcaseArrays<T>(ArrayShowcasePool<T> showcase) : IClassFixture<ArrayShowcasePool<T>>
    where T : ITestTransport
{
    private readonly SnakepitPool _pool = showcase.Pool;

    private sealed record Stats(int[] Shape, string Dtype, long Count, long Nans, double? Min, double? Max, double? Mean, double? Std);

    private sealed record Cost(
        long Bytes,
        [property: JsonPropertyName("encode_ms")] double EncodeMs,
        [property: JsonPropertyName("decode_ms")] double DecodeMs);

    private sealed record Comparison(int Numbers, Cost Json, Cost Array);

    private sealed record Everything(byte[] Bytes, float[,] Grid, Half[] Halves, double Least, Complex Number, string Text, int? Nothing);

    [NumpyFact]
    public async Task An_image_goes_in_and_a_filtered_image_comes_out()
    {
        var spot = new byte[,] { { 180, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } };
        var blurred = await _pool.ExecuteAsync<byte[,]>("blur", new { image = spot }).InTime();
        Assert.Equal(new byte[,] { { 45, 30, 0, 0 }, { 30, 20, 0, 0 }, { 0, 0, 0, 0 } }, blurred);
        Assert.Equal(spot, await _pool.ExecuteAsync<byte[,]>("blur", new { image = spot, radius = 0 }).InTime());

        var halves = new byte[,] { { 10, 10, 20, 20 }, { 10, 10, 20, 20 } };
        var edges = await _pool.ExecuteAsync<byte[,]>("edges", new { image = halves }).InTime();
        Assert.Equal(new byte[,] { { 0, 40, 40, 0 }, { 0, 40, 40, 0 } }, edges);
    }

    [NumpyFact]
    public async Task An_image_is_filtered_without_reflection()
    {
        var (pool, image) = (_pool, new byte[,] { { 180, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } });
        // The page on calls shows these lines.
        var types = ImageTypes.Default;
        var blurred = await pool.ExecuteAsync("blur", new Blurring(image, Radius: 1), types.Blurring, types.ByteArray2D);
        Assert.Equal(new byte[,] { { 45, 30, 0, 0 }, { 30, 20, 0, 0 }, { 0, 0, 0, 0 } }, blurred);
    }

    [NumpyFact]
    public async Task Each_channel_of_an_image_is_filtered_by_itself()
    {
        var image = new byte[1, 3, 2] { { { 0, 90 }, { 60, 90 }, { 0, 90 } } };
        var blurred = await _pool.ExecuteAsync<byte[,,]>("blur", new { image, radius = 1 }).InTime();
        Assert.Equal(new byte[1, 3, 2] { { { 30, 90 }, { 20, 90 }, { 30, 90 } } }, blurred);
        var edges = await _pool.ExecuteAsync<byte[,,]>("edges", new { image }).InTime();
        Assert.Equal(new byte[1, 3, 2] { { { 240, 0 }, { 0, 0 }, { 240, 0 } } }, edges);
    }

    [NumpyFact]
    public async Task What_is_no_image_is_refused()
    {
        var floats = await Assert.ThrowsAsync<ToolArgumentException>(
            () => _pool.ExecuteAsync("blur", new { image = new float[2, 2] }).InTime());
        Assert.Contains("'image' must be NDArray[uint8], got an array of float32", floats.Message, StringComparison.Ordinal);
        var row = await Assert.ThrowsAsync<PythonException>(() => _pool.ExecuteAsync("edges", new { image = new byte[4] }).InTime());
        Assert.Equal(
            ("ValueError", "an image has the shape (height, width) or (height, width, channels), not (4,)"),
            (row.PythonType, row.PythonMessage));
    }

    [NumpyFact]
    public async Task A_tensor_of_any_type_is_made_and_comes_back_as_it_was()
    {
        async Task Makes<TArray>(TArray expected, object given)
        {
            var made = await _pool.ExecuteAsync<TArray>("create_tensor", given).InTime();
            Assert.Equal(expected, made);
            Assert.Equal(made, await _pool.ExecuteAsync<TArray>("echo_tensor", new { array = made }).InTime());
        }

        await Makes(new double[2, 2], new { shape = new[] { 2, 2 } });
        await Makes(new[,] { { 0f, 1 }, { 2, 3 }, { 4, 5 } }, new { shape = new[] { 3, 2 }, dtype = "float32", fill = "range" });
        await Makes<bool[]>([true, true], new { shape = new[] { 2 }, dtype = "bool", fill = 1 });
        await Makes<ulong[]>([ulong.MaxValue], new { shape = new[] { 1 }, dtype = "uint64", fill = ulong.MaxValue });
        await Makes<Half[]>([Half.NaN], new { shape = new[] { 1 }, dtype = "float16", fill = double.NaN });
        await Makes<Complex[]>([new(1, -2)], new { shape = new[] { 1 }, dtype = "complex128", fill = new Complex(1, -2) });
        await Makes(new short[2, 0, 3, 1], new { shape = new[] { 2, 0, 3, 1 }, dtype = "int16", fill = "random" });
    }

    [NumpyTheory]
    [InlineData("""{ "shape": [2], "dtype": "int8", "fill": 128 }""", "128 is no int8")]
    [InlineData("""{ "shape": [-1] }""", "a dimension has a length of 0 or more, not -1")]
    [InlineData("""{ "shape": [100000, 100000] }""", "is larger than 268,435,456 bytes")]
    public async Task A_tensor_that_cannot_be_is_refused(string arguments, string fault)
    {
        var given = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments)!;
        var refused = await Assert.ThrowsAsync<PythonException>(() => _pool.ExecuteAsync("create_tensor", given).InTime());
        Assert.Equal("ValueError", refused.PythonType);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        var type = await Assert.ThrowsAsync<ToolArgumentException>(
            () => _pool.ExecuteAsync("create_tensor", new { shape = new[] { 1 }, dtype = "object" }).InTime());
        Assert.Contains("'dtype' must be ", type.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task A_tensor_is_described()
    {
        Task<Stats> Of(object array) => _pool.ExecuteAsync<Stats>("tensor_stats", new { array }).InTime();

        static void Same(Stats expected, Stats found)
        {
            Assert.Equal(expected.Shape, found.Shape);
            Assert.Equal(expected with { Shape = found.Shape }, found);
        }

        Same(new([2, 2], "int32", 4, 0, -1, 5, 2, Math.Sqrt(5)), await Of(new[,] { { -1, 5 }, { 1, 3 } }));
        Same(new([3], "float32", 3, 1, 0.5, 1.5, 1, 0.5), await Of(new[] { 0.5f, float.NaN, 1.5f }));
        Same(new([4], "bool", 4, 0, 0, 1, 0.75, Math.Sqrt(3) / 4), await Of(new[] { true, false, true, true }));
        Same(new([2], "uint8", 2, 0, 1, 3, 2, 1), await Of(new byte[] { 1, 3 }));
        Same(new([2, 0], "float64", 0, 0, null, null, null, null), await Of(new double[2, 0]));
        var complex = await Assert.ThrowsAsync<ToolArgumentException>(() => Of(new[] { Complex.One }));
        Assert.Contains(
            "'array' must be NDArray[bool | integer | floating], got an array of complex128", complex.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task Frames_arrive_one_after_the_other()
    {
        var frames = await _pool.StreamAsync<byte[,]>("stream_frames", new { count = 3, height = 2, width = 3, step = 254 })
            .ToListAsync().InTime();
        Assert.Equal(
            [
                new byte[,] { { 0, 1, 2 }, { 1, 2, 3 } },
                new byte[,] { { 254, 255, 0 }, { 255, 0, 1 } },
                new byte[,] { { 252, 253, 254 }, { 253, 254, 255 } },
            ],
            frames);
    }

    [NumpyFact]
    public async Task Arrays_are_compared_with_json()
    {
        var compared = await _pool.ExecuteAsync<Comparison[]>("encode_benchmark", new { sizes = new[] { 10, 20_000 } }).InTime();
        Assert.Equal([(10, 80L), (20_000, 160_000)], compared.Select(one => (one.Numbers, one.Array.Bytes)));
        Assert.All(compared, one => Assert.True(one.Json.Bytes > 2 * one.Array.Bytes, $"{one}"));
        Assert.All(compared, one => Assert.True(one.Json is { EncodeMs: > 0, DecodeMs: > 0 }, $"{one}"));
        Assert.All(compared, one => Assert.True(one.Array is { EncodeMs: > 0, DecodeMs: > 0 }, $"{one}"));
    }

    [NumpyFact]
    public async Task Echo_returns_bytes_and_arrays_and_numbers_that_json_does_not_have()
    {
        var given = new Everything(
            [1, 255], new[,] { { 0.5f, -0f } }, [Half.Epsilon], double.NegativeInfinity, new Complex(1, -0.0), "0", Nothing: null);
        var back = await _pool.ExecuteAsync<Everything>("echo", given).InTime();
        Assert.Equal(given.Bytes, back.Bytes);
        Assert.Equal(given.Grid, back.Grid);
        Assert.Equal(given.Halves, back.Halves);
        Assert.Equal(given with { Bytes = back.Bytes, Grid = back.Grid, Halves = back.Halves }, back);
    }

    [NumpyFact]
    public async Task The_tools_of_the_showcase_without_arrays_are_there_too()
    {
        string[] withArrays =
        [
            "blur", "create_embedding", "create_tensor", "cross_validate", "echo_tensor", "edges", "encode_benchmark", "get_model",
            "load_sample_data", "predict", "predict_batch_with_embeddings", "preprocess", "serialization_demo", "stream_frames",
            "tensor_stats", "train",
        ];
        var names = (await _pool.ListToolsAsync().InTime()).Select(tool => tool.Name).ToList();
        Assert.Empty(withArrays.Except(names));
        Assert.Equal(4.5, await _pool.ExecuteAsync<double>("add", new { a = 1.5, b = 3 }).InTime());
    }
}

public sealed class ShowcaseArraysOverGrpc(ArrayShowcasePool<OverGrpc> showcase) : ShowcaseArrays<OverGrpc>(showcase);

public sealed class ShowcaseArraysOverDirect(ArrayShowcasePool<OverDirect> showcase) : ShowcaseArrays<OverDirect>(showcase);
