using System.Collections.Immutable;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>The line that answers a request. Hosts of older revisions leave out what is empty.</summary>
/// <param name="Id">The request's id.</param>
internal sealed record SlotReply(long Id)
{
    /// <summary>The measured numbers by name; a name ends in the unit where it is not obvious.</summary>
    public ImmutableDictionary<string, double> Values { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Many numbers of one kind, such as the microseconds of every call.</summary>
    public ImmutableArray<int> Samples { get; init; } = [];

    /// <summary>Why the slot failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>True if the host has no slot of that name.</summary>
    public bool Unknown { get; init; }
}
