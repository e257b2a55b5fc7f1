using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Reflection;
using CsCheck;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A drawn value, which a tool of <c>python/round_trip_tools.py</c> is to return.</summary>
/// <param name="Tool">The tool that returns it.</param>
/// <param name="Type">The type that the caller asks for.</param>
/// <param name="Given">The value.</param>
/// <param name="About">What the value is, for a message: it may have some hundred thousand elements.</param>
internal sealed record DrawnValue(string Tool, Type Type, object Given, string About)
{
    /// <summary>Sends the value to Python, and returns what comes back.</summary>
    public async Task<object?> ExchangeAsync(SnakepitPool pool)
    {
        var call = Calls.ExecuteAsync(pool, Type, Tool, new Dictionary<string, object> { ["given"] = Given });
        await call.InTime();
        return call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call);
    }

    public override string ToString() => $"{About}, as {Type}, with the tool {Tool}";
}

/// <summary>Draws values of all types that travel beside the JSON, alone and in other values.</summary>
internal static class DrawnValues
{
    private const int HighestRank = 4;
    private const int HighestRankOfTensors = 7;
    private const int MostBits = 15; // of the number of elements: the largest arrays have 512 KiB
    private const int MostBitsOfLists = 11; // an array as a list takes Python much longer
    private const int MostBitsOfNodes = 6; // a node has some dozens of arrays

    // The generator draws only sizes and seeds, which it makes smaller after a failure. The content follows from them, because drawing
    // each of a million elements by itself would take longer than sending them.
    private static readonly Gen<Random> Randoms = Gen.Int.Select(seed => new Random(seed));

    private static readonly Gen<Type> Kinds = Gen.Int[0, DrawnNumbers.Elements.Count - 1].Select(index => DrawnNumbers.Elements[index]);

    private static readonly Gen<DrawnValue> Arrays = Gen.Select(
        Gen.Bool, Kinds, Gen.Int[1, HighestRank], Gen.Int[0, MostBits], Randoms, (isAsync, element, rank, bits, random) =>
            Numbers(random, isAsync ? "back_async" : "back", element, rank, bits, asPython: false));

    private static readonly Gen<DrawnValue> Lists = Gen.Select(
        Kinds, Gen.Int[1, HighestRank], Gen.Int[0, MostBitsOfLists], Randoms,
        (element, rank, bits, random) => Numbers(random, "same", element, rank, bits, asPython: true));

    private static readonly Gen<DrawnValue> Tensors = Gen.Select(
        Kinds, Gen.Int[1, HighestRankOfTensors], Gen.Int[0, MostBits], Randoms, (element, rank, bits, random) =>
            Tensor(random, "back", element, rank, bits, asPython: false));

    private static readonly Gen<DrawnValue> TensorsAsLists = Gen.Select(
        Kinds, Gen.Int[1, HighestRankOfTensors], Gen.Int[0, MostBitsOfLists], Randoms,
        (element, rank, bits, random) => Tensor(random, "same", element, rank, bits, asPython: true));

    private static readonly Gen<DrawnValue> Parts = Gen.Select(
        Kinds, Gen.Bool, Gen.Int[0, MostBits], Randoms,
        (element, isReadOnly, bits, random) => Part(random, element, isReadOnly, bits));

    private static readonly Gen<DrawnValue> Streams = Gen.Select(Gen.Int[0, MostBits + 3], Randoms, (bits, random) =>
    {
        var bytes = new byte[random.Next(1 << bits)];
        random.NextBytes(bytes);
        return new DrawnValue("same", typeof(Stream), new MemoryStream(bytes), Invariant($"a stream of {bytes.Length} bytes"));
    });

    private static readonly Gen<DrawnValue> Scalars = Gen.Select(Kinds, Randoms, (element, random) =>
    {
        var number = new DrawnNumbers(random).Array(element, [1], asPython: true).GetValue(0)!;
        return new DrawnValue("same", element, number, Invariant($"{number}"));
    });

    private static readonly Gen<DrawnValue> Nodes = Gen.Select(Gen.Bool, Gen.Int[0, MostBitsOfNodes], Randoms, (isTyped, bits, random) =>
        new DrawnValue(
            isTyped ? "same_node" : "same",
            typeof(DrawnNode),
            DrawnNode.Draw(random, bits, asPython: !isTyped),
            Invariant($"a node with arrays of up to {1 << bits} elements")));

    /// <summary>Values of all types, most of which are arrays.</summary>
    public static Gen<DrawnValue> All { get; } =
        Gen.Frequency(
            (10, Arrays), (3, Lists), (3, Tensors), (1, TensorsAsLists), (3, Parts), (1, Streams), (2, Scalars), (3, Nodes));

    private static DrawnValue Numbers(Random random, string tool, Type element, int rank, int bits, bool asPython)
    {
        var numbers = new DrawnNumbers(random);
        // A list of lists tells no length of a dimension if one before it is empty.
        var shape = numbers.Shape(rank, bits, mayBeEmpty: rank == 1 || !asPython);
        var array = numbers.Array(element, shape, asPython);
        return new(tool, array.GetType(), array, Invariant($"{element.Name} with shape ({string.Join(", ", shape)})"));
    }

    private static DrawnValue Tensor(Random random, string tool, Type element, int rank, int bits, bool asPython)
    {
        var numbers = new DrawnNumbers(random);
        var shape = numbers.Shape(rank, bits, mayBeEmpty: rank == 1 || !asPython);
        var elements = numbers.Array(element, [shape.Aggregate(1, static (product, length) => product * length)], asPython);
        var (make, layout) = shape.Contains(0) ? (nameof(Dense), "dense") : random.Next(3) switch
        {
            0 => (nameof(Dense), "dense"),
            1 => (nameof(Turned), "with turned dimensions"),
            _ => (nameof(Cut), "cut from a larger one"),
        };
        var tensor = typeof(DrawnValues).GetMethod(make, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(element).Invoke(null, [elements, Array.ConvertAll(shape, static length => (nint)length)])!;
        return new(
            tool, tensor.GetType(), tensor, Invariant($"a tensor of {element.Name} with shape ({string.Join(", ", shape)}), {layout}"));
    }

    private static Tensor<T> Dense<T>(T[] elements, nint[] lengths) => System.Numerics.Tensors.Tensor.Create(elements, lengths);

    private static Tensor<T> Turned<T>(T[] elements, nint[] lengths) => System.Numerics.Tensors.Tensor.PermuteDimensions(
        Dense(elements, [.. lengths.Reverse()]), [.. Enumerable.Range(0, lengths.Length).Reverse()]);

    private static Tensor<T> Cut<T>(T[] elements, nint[] lengths)
    {
        var larger = Dense([.. elements, .. elements], [.. lengths, 2]);
        NRange[] part = [.. Enumerable.Repeat(NRange.All, lengths.Length), new NRange(1, 2)];
        return System.Numerics.Tensors.Tensor.SqueezeDimension(larger.Slice(part), lengths.Length);
    }

    private static DrawnValue Part(Random random, Type element, bool isReadOnly, int bits)
    {
        var whole = new DrawnNumbers(random).Array(element, [random.Next(1 << bits) + 1]);
        var start = random.Next(whole.Length);
        var length = random.Next(whole.Length - start + 1);
        var type = (isReadOnly ? typeof(ReadOnlyMemory<>) : typeof(Memory<>)).MakeGenericType(element);
        var part = Activator.CreateInstance(type, whole, start, length)!;
        return new("back", type, part, Invariant($"{length} of {whole.Length} elements"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
