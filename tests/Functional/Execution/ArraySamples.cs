using System.Numerics;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Arguments for the tools of <c>python/array_tools.py</c>, with what Python sees or why they are refused.</summary>
public static class ArraySamples
{
    public static TheoryData<string, object, string> Arguments => new()
    {
        { "as_anything", new byte[] { 0, 255 }, @"bytes b'\x00\xff'" },
        { "as_anything", new MemoryStream([1, 2]), @"bytes b'\x01\x02'" },
        { "as_anything", new[] { 1.5f, 2 }, "list [1.5, 2.0]" },
        { "as_anything", new[,] { { 1, 2 }, { 3, 4 } }, "list [[1, 2], [3, 4]]" },
        { "as_anything", new[] { true, false }, "list [True, False]" },
        { "as_anything", Array.Empty<int>(), "list []" },
        { "as_anything", new object[] { double.NaN, float.PositiveInfinity, 1.0 }, "list [nan, inf, 1.0]" },
        { "as_anything", new Complex(1, -2), "complex (1-2j)" },
        { "as_anything", new { a = new[] { 1L }, b = "0" }, "dict {'a': [1], 'b': '0'}" },
        { "as_array", new sbyte[] { -1 }, "ndarray int8 (1,) [-1]" },
        { "as_array", new byte[] { 1, 255 }, "ndarray uint8 (2,) [1, 255]" },
        { "as_array", new short[] { -2 }, "ndarray int16 (1,) [-2]" },
        { "as_array", new ushort[] { 65535 }, "ndarray uint16 (1,) [65535]" },
        { "as_array", new uint[] { uint.MaxValue }, "ndarray uint32 (1,) [4294967295]" },
        { "as_array", new[] { long.MinValue }, "ndarray int64 (1,) [-9223372036854775808]" },
        { "as_array", new[] { ulong.MaxValue }, "ndarray uint64 (1,) [18446744073709551615]" },
        { "as_array", new[] { (Half)0.5 }, "ndarray float16 (1,) [0.5]" },
        { "as_array", new[] { double.NaN, -0.0 }, "ndarray float64 (2,) [nan, -0.0]" },
        { "as_array", new[] { new Complex(0, 1) }, "ndarray complex128 (1,) [1j]" },
        { "as_array", new[] { true }, "ndarray bool (1,) [True]" },
        { "as_array", new int[1, 2, 2] { { { 1, 2 }, { 3, 4 } } }, "ndarray int32 (1, 2, 2) [[[1, 2], [3, 4]]]" },
        { "as_array", new float[0, 3], "ndarray float32 (0, 3) []" },
        { "as_array", new ReadOnlyMemory<float>([1, 2, 3], 1, 2), "ndarray float32 (2,) [2.0, 3.0]" },
        { "as_array", new List<int> { 1, 2 }, "ndarray int64 (2,) [1, 2]" },
        { "as_floats", new[] { 1f }, "ndarray float32 (1,) [1.0]" },
        { "as_floats", new short[] { 3 }, "ndarray float32 (1,) [3.0]" },
        { "as_bytes", new byte[] { 65 }, "bytes b'A'" },
        { "as_view", new byte[] { 65 }, "memoryview B (1,) [65]" },
        { "as_view", new[,] { { 1.5 }, { 2 } }, "memoryview d (2, 1) [[1.5], [2.0]]" },
        { "as_packed", new short[] { 1, -1 }, "array array('h', [1, -1])" },
        { "as_list", new[] { 1, 2 }, "list [1.0, 2.0]" },
        { "as_list", new[] { 0.5f }, "list [0.5]" },
        { "as_float", double.NegativeInfinity, "float -inf" },
        { "as_float", (Half)float.NaN, "float nan" },
        { "as_complex", new Complex(1, 2), "complex (1+2j)" },
        { "as_complex", 5, "complex (5+0j)" },
        {
            "as_picture",
            new { label = "x", pixels = new byte[,] { { 7 } }, extra = new byte[] { 1 } },
            @"x ndarray uint8 (1, 1) [[7]] bytes b'\x01'"
        },
    };

    public static TheoryData<string, object, string> Misfits => new()
    {
        { "as_text", new byte[] { 1 }, "'given' must be str, got bytes" },
        { "as_float", new[] { 1.5 }, "'given' must be float, got an array of float64 with shape (1,)" },
        { "as_floats", new[] { 1.5 }, "float32" },
        { "as_bytes", "text", "'given' must be bytes, got str" },
        { "as_list", new[,] { { 1.0 } }, "'given[0]' must be float" },
        { "as_picture", new { label = "x", pixels = "none" }, "'given.pixels' must be ndarray" },
        { "as_array", new List<object> { 1, new[] { 2 } }, "'given'" },
    };
}
