using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Tests.Functional.Execution;

internal sealed record Given<T>([property: JsonPropertyName("given")] T Value);

internal sealed record Making(string Kind);

internal sealed record Pages(double[] Given, int Count);

internal sealed record Scaling(double[] Values, double By);

internal sealed record DescribedPart(string PartName, byte[] RawBytes, Tensor<double> TensorOfPart);

internal sealed record DescribedValue(
    string LongName,
    double RatioOfNan,
    Half Narrow,
    decimal Price,
    BigInteger Huge,
    Complex Turn,
    double[] Row,
    float[,] Grid,
    ReadOnlyMemory<int> Memory,
    Tensor<short> Tensor,
    (int Left, string Right) Pair,
    HashSet<int> Numbers,
    Dictionary<string, byte[]> Files,
    List<DescribedPart> Parts);

internal sealed record Whole(int Data);

internal sealed record Nested(string Label, List<Whole> Parts);

/// <summary>Describes the types of the tests of calls without reflection. No option is set, so names would be written as in C#.</summary>
[JsonSerializable(typeof(Given<DescribedValue>))]
[JsonSerializable(typeof(Given<double[]>))]
[JsonSerializable(typeof(Given<SharedArray<double>>))]
[JsonSerializable(typeof(Given<string>))]
[JsonSerializable(typeof(HashSet<double>))]
[JsonSerializable(typeof(Given<DescribedPart>))]
[JsonSerializable(typeof(Given<object>))]
[JsonSerializable(typeof(Given<Stream>))]
[JsonSerializable(typeof(SharedArray<double>))]
[JsonSerializable(typeof(float[,]))]
[JsonSerializable(typeof(Making))]
[JsonSerializable(typeof(Pages))]
[JsonSerializable(typeof(Scaling))]
[JsonSerializable(typeof(Nested))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class DescribedTypes : JsonSerializerContext;

/// <summary>Describes nothing but an array, not even its elements, because the source generator does not look into it.</summary>
[JsonSerializable(typeof(Given<sbyte[,]>))]
internal sealed partial class DescribedGrids : JsonSerializerContext;
