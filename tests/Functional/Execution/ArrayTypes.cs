using System.Numerics;
using System.Numerics.Tensors;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A row of the table of what .NET sends. A test sends each sample to each annotation, and compares what comes back.</summary>
/// <param name="Class">What Python gets where a parameter has no annotation.</param>
/// <param name="Annotations">The other annotations with which a parameter takes each of the samples.</param>
/// <param name="Note">What else is to be known.</param>
/// <param name="Samples">Values of the types that the row names.</param>
internal sealed record ArgumentRow(string Class, string[] Annotations, string Note, params TypeSample[] Samples);

/// <summary>A row of the table of what Python returns. A test asks for each sample.</summary>
/// <param name="Note">What else is to be known.</param>
/// <param name="Samples">Values of the types that the row names.</param>
internal sealed record ResultRow(string Note, params ResultSample[] Samples);

/// <summary>
/// The rows of the tables of types in docs/arrays.md. The tables are written from them, so that they name what the tests prove.
/// </summary>
public static class ArrayTypes
{
    /// <summary>The annotation that accepts every value as it is.</summary>
    public const string NoAnnotation = "Any";

    private static readonly byte[] Ab = "ab"u8.ToArray();

    internal static IReadOnlyList<ArgumentRow> Arguments { get; } =
    [
        new(
            "bytes", ["bytearray", "memoryview", "array.array", "numpy.ndarray"],
            "a stream is read to its end, and comes back as one in memory",
            TypeSample.Of(Ab, "[97, 98]", "uint8"),
            TypeSample.Of(Ab.AsMemory(), "[97, 98]", "uint8"),
            TypeSample.Of((ReadOnlyMemory<byte>)Ab.AsMemory(1), "[98]", "uint8"),
            TypeSample.Of<Stream, Stream>(() => new MemoryStream(Ab), new MemoryStream(Ab), "[97, 98]", "uint8")),
        new(
            "list", ["list[int]", "memoryview", "array.array", "numpy.ndarray"],
            "`Memory<T>` and `ReadOnlyMemory<T>` of the other types too",
            TypeSample.Of(new sbyte[] { -128 }, "[-128]", "int8"),
            TypeSample.Of(new short[] { -2, 1 }, "[-2, 1]", "int16"),
            TypeSample.Of(new ushort[] { 65_535 }, "[65535]", "uint16"),
            TypeSample.Of(new[] { int.MinValue }, "[-2147483648]", "int32"),
            TypeSample.Of(new[] { uint.MaxValue }, "[4294967295]", "uint32"),
            TypeSample.Of(new[] { long.MinValue }, "[-9223372036854775808]", "int64"),
            TypeSample.Of(new[] { ulong.MaxValue }, "[18446744073709551615]", "uint64"),
            TypeSample.Of(new[] { 1, 2, 3 }.AsMemory(1), "[2, 3]", "int32"),
            TypeSample.Of((ReadOnlyMemory<long>)new[] { 1L, 2, 3 }.AsMemory(0, 2), "[1, 2]", "int64")),
        new(
            "list", ["list[float]", "memoryview", "array.array", "numpy.ndarray"], "",
            TypeSample.Of(new[] { 0.5f, -0f }, "[0.5, -0.0]", "float32"),
            TypeSample.Of(new[] { 0.1, double.MaxValue }, "[0.1, 1.7976931348623157e+308]", "float64")),
        new("list", ["list[float]", "numpy.ndarray"], "", TypeSample.Of(new[] { (Half)0.5, Half.MaxValue }, "[0.5, 65504.0]", "float16")),
        new("list", ["list[bool]", "memoryview", "numpy.ndarray"], "", TypeSample.Of(new[] { true, false }, "[True, False]", "bool")),
        new("list", ["list[complex]", "numpy.ndarray"], "", TypeSample.Of(new Complex[] { new(1, -2) }, "[(1-2j)]", "complex128")),
        new(
            "list", ["memoryview", "numpy.ndarray"],
            "a list of lists; two to four dimensions of any type above, as `memoryview` only of those that have it above",
            TypeSample.Of(new byte[,] { { 1, 2 }, { 3, 4 } }, "[[1, 2], [3, 4]]", "uint8"),
            TypeSample.Of(new[,,] { { { 1 }, { 2 } } }, "[[[1], [2]]]", "int32"),
            TypeSample.Of(new[,,,] { { { { 0.5, 1 } } } }, "[[[[0.5, 1.0]]]]", "float64")),
        new(
            "list", ["memoryview", "numpy.ndarray"],
            "a list, or a list of lists; one dimension or more, of any type above, as `memoryview` only of those that have it above",
            TypeSample.Of(Tensor.Create(Ab), "[97, 98]", "uint8"),
            TypeSample.Of(Tensor.Create([1, 2, 3, 4], [1, 1, 2, 1, 2]), "[[[[[1, 2]], [[3, 4]]]]]", "int32"),
            TypeSample.Of(Tensor.Create([0.5f, 1, 2, 4], [2, 2], [1, 2]), "[[0.5, 2.0], [1.0, 4.0]]", "float32")),
        new(
            "float", [], "NaN and the infinities; all other numbers are sent as JSON",
            TypeSample.Of(double.PositiveInfinity, "inf"),
            TypeSample.Of(float.NegativeInfinity, "-inf"),
            TypeSample.Of(Half.PositiveInfinity, "inf"),
            TypeSample.Of(() => Half.NaN, Bits.PythonNan, "nan")),
        new("complex", [], "", TypeSample.Of(new Complex(1, -2), "(1-2j)")),
    ];

    internal static IReadOnlyList<ResultRow> Results { get; } =
    [
        new(
            "",
            [
                .. OfBytes("bytes", "b'ab'"),
                .. OfBytes("bytearray", "bytearray(b'ab')"),
                .. OfBytes("memoryview", "memoryview(b'a-b-')[::2]"),
            ]),
        new(
            "an array of the same number of dimensions, or a tensor; the element type is the same, or one that holds every value, such as "
                + "`double` for `float32`; other memory layouts and byte orders are converted",
            ResultSample.Of("numpy.ndarray", "numpy.array([1, -2], 'i2')", new short[] { 1, -2 }),
            ResultSample.Of("numpy.ndarray", "numpy.array([1, -2], 'i2')", new[] { 1L, -2 }),
            ResultSample.Of("numpy.ndarray", "numpy.array([0.5, numpy.nan], 'f4')", new[] { 0.5, Bits.PythonNan }),
            ResultSample.Of("numpy.ndarray", "numpy.arange(4, dtype='>i4').reshape(2, 2).T", new[,] { { 0, 2 }, { 1, 3 } }),
            ResultSample.Of("numpy.ndarray", "numpy.array([1 - 2j], 'c8')", new Complex[] { new(1, -2) }),
            ResultSample.Of("numpy.ndarray", "numpy.arange(6, dtype='u1').reshape(3, 2).T", Tensor.Create([0, 2, 4, 1, 3, 5], [2, 3])),
            ResultSample.Of("array.array", "array.array('H', [65535])", new ushort[] { 65_535 }),
            ResultSample.Of("array.array", "array.array('f', [0.5, 1])", (ReadOnlyMemory<float>)new[] { 0.5f, 1 }),
            ResultSample.Of("memoryview", "memoryview(bytes(range(4))).cast('B', (2, 2))", new byte[,] { { 0, 1 }, { 2, 3 } })),
        new(
            "one number, also of an `ndarray` without dimensions",
            ResultSample.Of("numpy.ndarray", "numpy.array(2.5)", 2.5),
            ResultSample.Of("numpy.float32", "numpy.float32(0.5)", 0.5f),
            ResultSample.Of("numpy.int64", "numpy.int64(-7)", -7),
            ResultSample.Of("numpy.bool_", "numpy.bool_(True)", true)),
        new(
            "NaN and the infinities; all other numbers are sent as JSON",
            ResultSample.Of("float", "float('-inf')", double.NegativeInfinity)),
        new("", ResultSample.Of("complex", "1 - 2j", new Complex(1, -2))),
    ];

    /// <summary>Each row of what .NET sends, by its index, with each of its annotations.</summary>
    public static TheoryData<int, string> ArgumentRows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            foreach (var (index, row) in Arguments.Index())
            {
                Array.ForEach([NoAnnotation, .. row.Annotations], annotation => rows.Add(index, annotation));
            }

            return rows;
        }
    }

    /// <summary>Each row of what Python returns, by its index.</summary>
    public static TheoryData<int> ResultRows => new(Results.Index().Select(row => row.Index));

    /// <summary>The table of what .NET sends, as it is written in Markdown.</summary>
    public static string ArgumentTable => Table(
        [".NET", "Python", "where annotated so", "notes"],
        Arguments.Select(row => new[]
        {
            Listed(row.Samples.Select(sample => sample.Type)), Listed([row.Class]), Listed(row.Annotations), row.Note,
        }));

    /// <summary>The table of what Python returns, as it is written in Markdown.</summary>
    public static string ResultTable => Table(
        ["Python", ".NET", "notes"],
        Results.Select(row => new[]
        {
            Listed(row.Samples.Select(sample => sample.Class)), Listed(row.Samples.Select(sample => sample.Type)), row.Note,
        }));

    private static ResultSample[] OfBytes(string name, string expression) =>
    [
        ResultSample.Of(name, expression, Ab),
        ResultSample.Of(name, expression, Ab.AsMemory()),
        ResultSample.Of(name, expression, (ReadOnlyMemory<byte>)Ab.AsMemory()),
        ResultSample.Of<Stream>(name, expression, new MemoryStream(Ab)),
    ];

    private static string Table(string[] head, IEnumerable<string[]> rows) =>
        string.Concat(rows.Prepend(Array.ConvertAll(head, _ => "---")).Prepend(head).Select(Line));

    private static string Line(string[] cells) => $"|{string.Concat(cells.Select(cell => cell.Length > 0 ? $" {cell} |" : " |"))}\n";

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Distinct().Select(name => $"`{name}`"));
}
