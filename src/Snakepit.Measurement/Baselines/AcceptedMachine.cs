using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Baselines;

/// <summary>Accepted numbers on one machine profile.</summary>
public sealed record AcceptedMachine
{
    /// <summary>The processor's model.</summary>
    public required string Cpu { get; init; }

    /// <summary>How many processors.</summary>
    public required int Cores { get; init; }

    /// <summary>The .NET runtime, major and minor.</summary>
    public required string Dotnet { get; init; }

    /// <summary>Versions of what else matters, by name, beside the other properties.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Versions { get; init; }

    /// <summary>Lower quartile, median and upper quartile over the rounds, by metric, in the metric's unit.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> Values { get; init; }
}
