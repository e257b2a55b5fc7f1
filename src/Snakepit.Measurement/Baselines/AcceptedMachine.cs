using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// Measured values with their units, such as milliseconds, on one kind of machine. A baseline holds these values for information only: they
/// are not judged.
/// </summary>
public sealed record AcceptedMachine
{
    /// <summary>The model of the processor.</summary>
    public required string Cpu { get; init; }

    /// <summary>The number of processors.</summary>
    public required int Cores { get; init; }

    /// <summary>The major and minor version of the .NET runtime.</summary>
    public required string Dotnet { get; init; }

    /// <summary>
    /// The versions of other software that the measured code runs on, by name. In the file, these versions are properties beside the other
    /// properties of the machine.
    /// </summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Versions { get; init; }

    /// <summary>
    /// For each metric, by its name: the lower quartile, the median and the upper quartile over the rounds, in the unit of the metric.
    /// </summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> Values { get; init; }
}
