using System.Numerics;
using System.Runtime.InteropServices;
using Kind = Snakepit.Protocol.V1.Attachment.Types.Kind;

namespace Snakepit.Payloads.Arrays;

/// <summary>Converts elements to a type that holds every value of their own type, such as float32 to double.</summary>
internal static class Widening
{
    /// <summary>Converts all elements. Returns false, and does nothing, if a value could be lost.</summary>
    public static bool TryCopy<T>(Kind kind, ReadOnlySpan<byte> from, Span<T> to)
        where T : unmanaged
    {
        if (typeof(T) == typeof(short))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, short>(to), integerBits: 15, isSigned: true);
        }

        if (typeof(T) == typeof(ushort))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, ushort>(to), integerBits: 16, isSigned: false);
        }

        if (typeof(T) == typeof(int))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, int>(to), integerBits: 31, isSigned: true);
        }

        if (typeof(T) == typeof(uint))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, uint>(to), integerBits: 32, isSigned: false);
        }

        if (typeof(T) == typeof(long))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, long>(to), integerBits: 63, isSigned: true);
        }

        if (typeof(T) == typeof(ulong))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, ulong>(to), integerBits: 64, isSigned: false);
        }

        if (typeof(T) == typeof(Half))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, Half>(to), integerBits: 11, isSigned: true);
        }

        if (typeof(T) == typeof(float))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, float>(to), integerBits: 24, isSigned: true, floatBits: 16);
        }

        if (typeof(T) == typeof(double))
        {
            return TryConvert(kind, from, MemoryMarshal.Cast<T, double>(to), integerBits: 53, isSigned: true, floatBits: 32);
        }

        return typeof(T) == typeof(Complex)
            && TryConvert(kind, from, MemoryMarshal.Cast<T, Complex>(to), integerBits: 53, isSigned: true, floatBits: 64);
    }

    /// <param name="kind">The kind of the elements.</param>
    /// <param name="from">The elements.</param>
    /// <param name="to">The memory for the converted elements.</param>
    /// <param name="integerBits">How many binary digits of an integer the type holds, without its sign.</param>
    /// <param name="isSigned">Whether the type has negative numbers.</param>
    /// <param name="floatBits">The size of the largest floating-point type all of whose values the type holds; 0 if there is none.</param>
    private static bool TryConvert<T>(
        Kind kind, ReadOnlySpan<byte> from, Span<T> to, int integerBits, bool isSigned, int floatBits = 0)
        where T : unmanaged, INumberBase<T>
    {
        return kind switch
        {
            Kind.Int8 => HoldsSigned(7) && Convert<sbyte, T>(from, to),
            Kind.Uint8 => Holds(8) && Convert<byte, T>(from, to),
            Kind.Int16 => HoldsSigned(15) && Convert<short, T>(from, to),
            Kind.Uint16 => Holds(16) && Convert<ushort, T>(from, to),
            Kind.Int32 => HoldsSigned(31) && Convert<int, T>(from, to),
            Kind.Uint32 => Holds(32) && Convert<uint, T>(from, to),
            Kind.Int64 => HoldsSigned(63) && Convert<long, T>(from, to),
            Kind.Uint64 => Holds(64) && Convert<ulong, T>(from, to),
            Kind.Float16 => floatBits >= 16 && Convert<Half, T>(from, to),
            Kind.Float32 => floatBits >= 32 && Convert<float, T>(from, to),
            Kind.Float64 => floatBits >= 64 && Convert<double, T>(from, to),
            _ => false,
        };

        bool Holds(int bits) => integerBits >= bits;

        bool HoldsSigned(int bits) => isSigned && integerBits >= bits;
    }

    private static bool Convert<TFrom, T>(ReadOnlySpan<byte> from, Span<T> to)
        where TFrom : unmanaged, INumberBase<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        var elements = MemoryMarshal.Cast<byte, TFrom>(from);
        for (var index = 0; index < elements.Length; index++)
        {
            to[index] = T.CreateTruncating(elements[index]);
        }

        return true;
    }
}
