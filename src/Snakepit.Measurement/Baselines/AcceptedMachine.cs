using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Baselines;

/// <summary>Values in their units, as measured on one kind of machine. They are information and are not judged.</summary>
public sealed record AcceptedMachine
{
    /// <summary>The model of the processor.</summary>
    public required string Cpu { get; init; }

    /// <summary>The number of processors.</summary>
    public required int Cores { get; init; }

    /// <summary>The major and minor version of the .NET runtime.</summary>
    public required string Dotnet { get; init; }

    /// <summary>The versions of other software that matters, by name. In the file they stand beside the other properties.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Versions { get; init; }

    /// <summary>The lower quartile, median and upper quartile over the rounds, in the unit of the metric, by its name.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> Values { get; init; }
}
