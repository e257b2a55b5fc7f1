using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// How an orchestrator drives a host: one JSON object a line, requests on the host's standard input, one reply to each on its standard output, and
/// before them a <see cref="Greeting"/>. The end of the input ends the host and everything that it has started.
/// </summary>
/// <remarks>
/// An orchestrator speaks every version from <see cref="Oldest"/> to <see cref="Current"/>: the host of a pinned revision is older than it. A slot
/// that an older host does not have is answered with <see cref="SlotReply.Unknown"/>, so that a new slot needs no new version; a new meaning of an
/// old one does. A version is dropped only after every pin has moved past it.
/// </remarks>
internal static class HostProtocol
{
    /// <summary>The version that this host speaks.</summary>
    public const int Current = 1;

    /// <summary>The oldest version that this orchestrator speaks.</summary>
    public const int Oldest = 1;

    public static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectNullableAnnotations = true,
    };
}

/// <summary>A host's first line.</summary>
/// <param name="Protocol">The version that it speaks.</param>
/// <param name="Revision">The commit that was checked out when it was built; empty if unknown. The sources may have differed from it.</param>
/// <param name="Directory">Where its program is.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Slots">The slots that it offers.</param>
internal sealed record Greeting(int Protocol, string Revision, string Directory, int ProcessId, ImmutableArray<string> Slots);

/// <summary>Asks for one slot: something that is run and measured as a whole. Each slot says which of the parameters it takes.</summary>
/// <param name="Id">Repeated in the reply.</param>
/// <param name="Slot">Which.</param>
internal sealed record SlotRequest(long Id, string Slot)
{
    /// <summary>How many workers.</summary>
    public int Workers { get; init; }

    /// <summary>How many callers at once.</summary>
    public int Callers { get; init; }

    /// <summary>How many calls, or whatever else the slot counts.</summary>
    public int Count { get; init; }

    /// <summary>How long, in milliseconds.</summary>
    public int Milliseconds { get; init; }

    /// <summary>The seed of the slot's own random choices.</summary>
    public int Seed { get; init; }

    /// <summary>A moment of the monotonic clock that all processes of the machine share, in its ticks.</summary>
    public long Begin { get; init; }

    /// <summary>When calls are meant to start, in microseconds from <see cref="Begin"/>.</summary>
    public ImmutableArray<int> Starts { get; init; } = [];

    /// <summary>Where workers come from, or which fault to inject.</summary>
    public string Kind { get; init; } = "";

    /// <summary>How grave the fault is; each kind says in what.</summary>
    public double Amount { get; init; }
}

/// <summary>What a slot measured.</summary>
/// <param name="Id">The request's.</param>
internal sealed record SlotReply(long Id)
{
    /// <summary>Measured numbers by name; the name ends in the unit where it is not obvious.</summary>
    public ImmutableDictionary<string, double> Values { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Many numbers of one kind, such as the microseconds of every call.</summary>
    public ImmutableArray<int> Samples { get; init; } = [];

    /// <summary>Why the slot failed.</summary>
    public string? Error { get; init; }

    /// <summary>True if this host has no such slot.</summary>
    public bool Unknown { get; init; }

    /// <summary>A measured number.</summary>
    /// <exception cref="NotComparableException">The host, of an older revision, does not measure it.</exception>
    public double this[string name] => Values.TryGetValue(name, out var value)
        ? value
        : throw new NotComparableException($"the host of the pin does not measure '{name}' yet", "move the pin with 'bench pin'");
}
