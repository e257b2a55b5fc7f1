using System.Collections.Immutable;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>The line with which a host answers a request. Hosts of older revisions leave out properties that are empty.</summary>
/// <param name="Id">The id of the request that is answered.</param>
internal sealed record SlotReply(long Id)
{
    /// <summary>The measured numbers by name. A name ends in the unit of the number if the unit is not obvious.</summary>
    public ImmutableDictionary<string, double> Values { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Measured numbers of which there are many of one kind, such as the microseconds of every call.</summary>
    public ImmutableArray<int> Samples { get; init; } = [];

    /// <summary>The error with which the slot failed; null if the slot succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>True if the host does not have the requested slot.</summary>
    public bool Unknown { get; init; }
}
