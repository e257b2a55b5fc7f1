using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Runs a closed loop of calls that add to a count in the state of a session, each caller with a session of its own. Needs the pool of
/// <see cref="StartToolsSlot"/>. It fails if a count is wrong.
/// </summary>
/// <param name="Use">Whether the calls have a session, and what they do while its worker is busy.</param>
/// <param name="Callers">The number of callers, which is also the number of sessions.</param>
/// <param name="Milliseconds">The time for which callers start new calls, in milliseconds.</param>
[SlotName("session.loop")]
internal sealed record SessionLoopSlot(
    [property: JsonPropertyName("kind")] SessionUse Use, int Callers, int Milliseconds) : Slot<SessionLoopReply>;

/// <summary>Whether a call has a session, and what it does while the worker of its session is busy.</summary>
internal enum SessionUse
{
    /// <summary>The call has no session.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The call runs in another worker, without the state of the session.</summary>
    [JsonStringEnumMemberName("prefer")]
    Prefer,

    /// <summary>The call waits for the worker of the session.</summary>
    [JsonStringEnumMemberName("wait")]
    Wait,
}

/// <summary>A reply that contains the number, the rate and the duration of calls.</summary>
internal sealed record SessionLoopReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }

    /// <summary>The 99th percentile of the duration of a call, in milliseconds.</summary>
    public double P99Ms { get => Get(); init => Set(value); }
}

/// <summary>
/// Opens many sessions that wait for their workers, and makes calls of which few sessions get many and many get few, as Zipf's law has it.
/// Each call adds to the count in its session's state. Needs the pool of <see cref="StartToolsSlot"/>. It fails if a count is wrong.
/// </summary>
/// <param name="Sessions">The number of sessions.</param>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Count">The number of calls that are timed.</param>
/// <param name="Seed">The seed by which the session of each call is drawn.</param>
[SlotName("session.zipf")]
internal sealed record ZipfSessionsSlot(int Sessions, int Callers, int Count, int Seed = 0) : Slot<ZipfSessionsReply>;

/// <summary>A reply that says how many sessions have kept their state, and contains the number and the rate of calls.</summary>
internal sealed record ZipfSessionsReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }

    /// <summary>The number of sessions whose state was right after every call and at the end.</summary>
    public double Right { get => Get(); init => Set(value); }

    /// <summary>The number of workers that keep the state of a session.</summary>
    public double Homes { get => Get(); init => Set(value); }
}
