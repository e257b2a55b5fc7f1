using System.Numerics;
using System.Numerics.Tensors;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/array_tools.py</c>, and a host tool that takes and returns a tensor.</summary>
public sealed class TensorPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with
{
    Adapter = "array_tools",
    HostTools = new Dictionary<string, HostTool>
    {
        ["scale"] = HostTool.Create((ScaleArguments given) => Tensor.Multiply<double>(given.Values, given.By)),
    },
}))
    where T : ITestTransport
{
    private sealed record ScaleArguments(Tensor<double> Values, double By);
}

internal sealed record TensorPicture(string Label, Tensor<byte> Pixels);

internal sealed record NarrowPicture(string Label, Tensor<sbyte> Pixels);

/// <summary>Tests that tensors of any number of dimensions go to Python and come back wherever arrays do.</summary>
public abstract class Tensors<T>(TensorPool<T> tensors) : IClassFixture<TensorPool<T>>
    where T : ITestTransport
{
    private const int Large = 100_000;

    private readonly SnakepitPool _pool = tensors.Pool;

    [NumpyTheory]
    [InlineData("back")]
    [InlineData("back_async")]
    [InlineData("same")]
    public async Task Tensors_of_every_shape_and_layout_come_back_with_their_elements_in_order(string tool)
    {
        async Task Returns<TElement>(Tensor<TElement> given)
        {
            var back = await _pool.ExecuteAsync<Tensor<TElement>>(tool, new { given }).InTime();
            Assert.Equal(Bits.Of(given), Bits.Of(back));
            Assert.True(back.IsDense);
        }

        var grid = Tensor.Create([1, 2, 3, 4, 5, 6], [2, 3]);
        await Returns(Tensor.Create([0.5f]));
        await Returns(grid);
        await Returns(Tensor.PermuteDimensions(grid, [1, 0]));
        await Returns(grid.Slice([0..2, 1..3]));
        await Returns(grid.Slice([1..2, 0..3]));
        await Returns(Tensor.Create([1, 2], [2, 3, 2], [0, 0, 1])); // each row is the same memory
        await Returns(Tensor.Create(new Half[64], [2, 2, 2, 2, 2, 2]));
        await Returns(Tensor.Create<Complex>([new(1, -2)], [1, 1, 1, 1, 1]));
        await Returns(Tensor.Create<bool>([], [0]));
        await Returns(Tensor.Create<long>([], [2, 0]));
    }

    [NumpyFact]
    public async Task An_annotated_parameter_gets_a_tensor_as_it_gets_an_array()
    {
        var given = Tensor.Create([1, 2, 3, 4], [2, 2], [1, 2]);
        Assert.Equal("ndarray int32 (2, 2) [[1, 3], [2, 4]]", await _pool.ExecuteAsync<string>("as_array", new { given }).InTime());
        Assert.Equal("memoryview i (2, 2) [[1, 3], [2, 4]]", await _pool.ExecuteAsync<string>("as_view", new { given }).InTime());
        var bytes = new { given = Tensor.Create("ab"u8.ToArray()) };
        Assert.Equal("list [97, 98]", await _pool.ExecuteAsync<string>("as_anything", bytes).InTime());
        Assert.Equal("ndarray uint8 (2,) [97, 98]", await _pool.ExecuteAsync<string>("as_array", bytes).InTime());
        var empty = new { given = Tensor<double>.Empty };
        Assert.Equal("ndarray float64 (0,) []", await _pool.ExecuteAsync<string>("as_array", empty).InTime());
    }

    [NumpyFact]
    public async Task Results_become_tensors_whose_type_holds_their_elements()
    {
        Task<Tensor<TElement>> Made<TElement>(string kind) => _pool.ExecuteAsync<Tensor<TElement>>("made", new { kind }).InTime();

        AssertIs([3, 2], [0, 3, 1, 4, 2, 5], await Made<int>("transposed"));
        AssertIs([3, 2], [0, 3, 1, 4, 2, 5], await Made<double>("transposed"));
        AssertIs([2], [1L, -2], await Made<long>("packed"));
        AssertIs([2], [1, 256], await Made<int>("big endian"));
        AssertIs<byte>([2], [0, 255], await Made<byte>("bytes"));
        AssertIs([4], [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5], await Made<double>("numbers"));
        var picture = await _pool.ExecuteAsync<TensorPicture>("made", new { kind = "picture" }).InTime();
        AssertIs<byte>([2, 1], [0, 0], picture.Pixels);
    }

    [NumpyTheory]
    [InlineData("transposed", typeof(Tensor<short>), "an array of int32 with shape (3, 2): a Int16 cannot hold every int32")]
    [InlineData("picture", typeof(NarrowPicture), "a SByte cannot hold every uint8")]
    [InlineData("picture", typeof(NarrowPicture), " at pixels")]
    [InlineData("single", typeof(Tensor<double>), "could not be converted to an array of Double")] // an ndarray without dimensions
    [InlineData("infinite", typeof(Tensor<double>), "a number of the kind float64: it is no array")]
    [InlineData("uneven", typeof(Tensor<int>), "a list has 1 items, and those before it have 2")]
    [InlineData("uneven", typeof(Tensor<int>), " at [1]")]
    [InlineData("six dimensions", typeof(Dictionary<string, int>), "ask for a type that has a Tensor<Double> there")]
    [InlineData("packed", typeof(Tensor<decimal>), "a tensor of System.Decimal cannot be sent")]
    public async Task A_result_that_is_no_such_tensor_is_refused_with_what_it_is_and_where(string kind, Type type, string fault)
    {
        var refused = await Assert.ThrowsAsync<ResultConversionException>(
            () => Calls.ExecuteAsync(_pool, type, "made", new { kind }).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task A_tensor_that_cannot_be_sent_is_refused_with_its_path()
    {
        var texts = new { given = new { parts = new object[] { 1, Tensor.Create(["a"]) } } };
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("same", texts).InTime());
        Assert.Contains(
            "written as JSON at given.parts[1] (a tensor of System.String cannot be sent", refused.Message, StringComparison.Ordinal);

        var tooDeep = new { given = Tensor.Create(new double[1], [.. Enumerable.Repeat((nint)1, 70)]) };
        refused = await Assert.ThrowsAsync<ToolArgumentException>(() => _pool.ExecuteAsync("back", tooDeep).InTime());
        Assert.Contains("'given' must be ndarray", refused.Message, StringComparison.Ordinal);
        Assert.Contains("maximum supported dimension", refused.Message, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task Tensors_travel_in_streams_sessions_and_host_tools()
    {
        var given = Tensor.Create([1.0, -2, 3, -4], [2, 1, 2]);
        var pages = await _pool.StreamAsync<Tensor<double>>("pages", new { given, count = 2 }).ToListAsync().InTime();
        AssertIs([2, 1, 2], [1, -2, 3, -4], pages[0]);
        AssertIs([2, 1, 2], [2, -1, 4, -3], pages[1]);

        await using var session = _pool.OpenSession("tensors");
        Assert.Equal(-2, await session.ExecuteAsync<int>("keep", new { given }).InTime());
        Assert.Equal(-4, await session.ExecuteAsync<int>("keep", new { given }).InTime());
        AssertIs([2, 1, 2], [1, -2, 3, -4], await session.ExecuteAsync<Tensor<double>>("back", new { given }).InTime());

        AssertIs([2, 1, 2], [2.5, -5, 7.5, -10], await _pool.ExecuteAsync<Tensor<double>>("scaled_by_host", new { given }).InTime());
    }

    [NumpyFact]
    public async Task A_large_tensor_travels_in_shared_memory_in_both_directions()
    {
        var options = Probe.Over<T>() with { Adapter = "memory_tools", Workers = 1 };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var given = Tensor.Create([.. Enumerable.Range(0, Large).Select(static item => item * 0.5)], [Large / 10, 10]);
        foreach (var sent in (Tensor<double>[])[given, Tensor.PermuteDimensions(given, [1, 0])])
        {
            await pool.ExecuteAsync("keep", new { given = sent }).InTime();
            Assert.Equal(Large * sizeof(double), Assert.Single(pool.GetStatistics().Workers).BytesLent);
            await pool.ExecuteAsync("drop").InTime();
            var back = await pool.ExecuteAsync<Tensor<double>>("back", new { given = sent }).InTime();
            Assert.Equal(Bits.Of(sent), Bits.Of(back));
            await Eventually.True(
                () => Assert.Single(pool.GetStatistics().Workers) is { BytesLent: 0, BytesBorrowed: 0 }, "all memory was given back");
        }
    }

    private static void AssertIs<TElement>(nint[] lengths, TElement[] elements, Tensor<TElement> tensor)
    {
        Assert.Equal(lengths, tensor.Lengths.ToArray());
        Assert.Equal(elements, tensor.ToArray());
    }
}

public sealed class TensorsOverGrpc(TensorPool<OverGrpc> tensors) : Tensors<OverGrpc>(tensors);

public sealed class TensorsOverDirect(TensorPool<OverDirect> tensors) : Tensors<OverDirect>(tensors);
