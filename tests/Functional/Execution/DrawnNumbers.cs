using System.Numerics;
using System.Runtime.InteropServices;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Draws arrays of random bits, with many numbers that are likely to change on their way: NaN, infinities and -0.0.</summary>
internal sealed class DrawnNumbers(Random random)
{
    private const int LongestGap = 8;

    // Each list has quiet and signalling NaN with different bits, the infinities, -0.0, the smallest and the largest number.
    private static readonly ushort[] Halves = [0x7E01, 0xFE00, 0x7D01, 0xFFFF, 0x7C00, 0xFC00, 0x8000, 0x0001, 0x7BFF];

    private static readonly uint[] Singles =
        [0x7FC0_0001, 0xFFC0_0000, 0x7F80_0001, 0xFFFF_FFFF, 0x7F80_0000, 0xFF80_0000, 0x8000_0000, 0x0000_0001, 0x7F7F_FFFF];

    private static readonly ulong[] Doubles =
    [
        0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001, 0xFFFF_FFFF_FFFF_FFFF,
        0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x8000_0000_0000_0000, 0x0000_0000_0000_0001, 0x7FEF_FFFF_FFFF_FFFF,
    ];

    /// <summary>The types of elements that arrays may have.</summary>
    public static IReadOnlyList<Type> Elements { get; } =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Half), typeof(float), typeof(double), typeof(Complex),
    ];

    /// <summary>Draws the lengths of dimensions, whose product is at most 2 to the power of <paramref name="bits"/>.</summary>
    public int[] Shape(int rank, int bits, bool mayBeEmpty)
    {
        var shape = new int[rank];
        for (var dimension = 0; dimension < rank; dimension++)
        {
            var own = dimension == rank - 1 ? bits : random.Next(bits + 1);
            bits -= own;
            shape[dimension] = mayBeEmpty && random.Next(10) == 0 ? 0 : random.Next(1 << own) + 1;
        }

        random.Shuffle(shape); // else the last dimension would often be the longest one
        return shape;
    }

    /// <summary>Draws an array.</summary>
    /// <param name="element">The type of its elements.</param>
    /// <param name="shape">The lengths of its dimensions.</param>
    /// <param name="asPython">
    /// Whether all numbers are those that come back as they are from Python's float: a NaN comes back with Python's bits.
    /// </param>
    public Array Array(Type element, int[] shape, bool asPython = false)
    {
        var array = System.Array.CreateInstance(element, shape);
        var bytes = Bits.Memory(array);
        random.NextBytes(bytes);
        if (element == typeof(bool))
        {
            foreach (ref var one in bytes)
            {
                one &= 1;
            }
        }
        else if (element == typeof(Half))
        {
            Sprinkle(MemoryMarshal.Cast<byte, ushort>(bytes), Halves);
            MakeNanPythons<Half>(bytes, asPython);
        }
        else if (element == typeof(float))
        {
            Sprinkle(MemoryMarshal.Cast<byte, uint>(bytes), Singles);
            MakeNanPythons<float>(bytes, asPython);
        }
        else if (element == typeof(double) || element == typeof(Complex))
        {
            Sprinkle(MemoryMarshal.Cast<byte, ulong>(bytes), Doubles);
            MakeNanPythons<double>(bytes, asPython && element == typeof(double));
        }

        return array;
    }

    private static void MakeNanPythons<T>(Span<byte> bytes, bool asPython)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (ref var number in asPython ? MemoryMarshal.Cast<byte, T>(bytes) : [])
        {
            number = T.IsNaN(number) ? T.CreateTruncating(Bits.PythonNan) : number;
        }
    }

    private void Sprinkle<T>(Span<T> numbers, T[] special)
    {
        for (var index = random.Next(LongestGap); index < numbers.Length; index += random.Next(1, LongestGap))
        {
            numbers[index] = special[random.Next(special.Length)];
        }
    }
}
