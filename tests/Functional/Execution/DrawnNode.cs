using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A value with arrays at many places, also inside values of the same type.</summary>
public sealed record DrawnNode(
    string Text,
    long Whole,
    double Real,
    float Narrow,
    Complex Number,
    bool? Flag,
    byte[] Data,
    ReadOnlyMemory<byte> More,
    float[] Row,
    Half[,] Grid,
    Tensor<short> Block,
    List<int[]> Rows,
    Dictionary<string, double[,,]> Cubes,
    List<DrawnNode> Children,
    Dictionary<string, DrawnNode> Named)
{
    private const int Deepest = 3;

    // Texts that look like what is sent in place of arrays, or like what is written around them.
    private static readonly string[] Words =
    [
        "0", "NaN", "-Infinity", "snakepit:attached", "\"", "\\", "\0", "\n", ":", ",", "[", "}", "é", "🐍", "\u2028", "1e5", "null", " ",
    ];

    /// <summary>Draws a value.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="bits">The size of its arrays: they have up to 2 to this power elements.</param>
    /// <param name="asPython">Whether it has only arrays that a list in Python can hold as they are.</param>
    /// <param name="depth">How many values it lies in.</param>
    public static DrawnNode Draw(Random random, int bits, bool asPython, int depth = 0)
    {
        var numbers = new DrawnNumbers(random);

        T Array<T>(int rank) => (T)(object)numbers.Array(
            typeof(T).GetElementType()!, numbers.Shape(rank, bits, mayBeEmpty: rank == 1 || !asPython), asPython);

        T Number<T>() => ((T[])(object)numbers.Array(typeof(T), [1], asPython: true))[0];

        List<T> Some<T>(int most, Func<T> draw) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => draw())];

        Dictionary<string, T> Named<T>(int most, Func<T> draw) => Some(most, draw)
            .Select((one, index) => (Name: string.Create(CultureInfo.InvariantCulture, $"{Text()}{index}"), one))
            .ToDictionary(entry => entry.Name, entry => entry.one);

        string Text() => string.Concat(Some(4, () => Words[random.Next(Words.Length)]));

        DrawnNode Inner() => Draw(random, bits, asPython, depth + 1);

        var most = depth < Deepest ? 2 : 0;
        return new(
            Text(),
            Number<long>(),
            Number<double>(),
            Number<float>(),
            Number<Complex>(),
            random.Next(3) switch { 0 => null, var one => one == 1 },
            Array<byte[]>(1),
            Array<byte[]>(1).AsMemory(),
            Array<float[]>(1),
            Array<Half[,]>(2),
            Tensor.Create(Array<short[]>(1)),
            Some(3, () => Array<int[]>(1)),
            Named(2, () => Array<double[,,]>(3)),
            Some(most, Inner),
            Named(most - (depth > 0 ? 1 : 0), Inner));
    }
}
