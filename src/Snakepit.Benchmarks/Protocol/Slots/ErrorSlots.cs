using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>How a call is to end.</summary>
internal enum CallKind
{
    /// <summary>The tool returns a result.</summary>
    [JsonStringEnumMemberName("succeeds")]
    Succeeds,

    /// <summary>The tool raises an exception.</summary>
    [JsonStringEnumMemberName("raises")]
    Raises,

    /// <summary>The worker has no tool of this name.</summary>
    [JsonStringEnumMemberName("unknown")]
    UnknownTool,

    /// <summary>The worker refuses the arguments.</summary>
    [JsonStringEnumMemberName("arguments")]
    WrongArguments,

    /// <summary>The arguments are refused before they are sent.</summary>
    [JsonStringEnumMemberName("unsent")]
    Unsent,

    /// <summary>The call runs out of time, and its tool reaches a safe point.</summary>
    [JsonStringEnumMemberName("timeout")]
    TimesOut,

    /// <summary>The caller cancels the call, and its tool reaches a safe point.</summary>
    [JsonStringEnumMemberName("cancelled")]
    IsCancelled,
}

/// <summary>
/// Makes pings and calls that fail, in turns with a single caller, and measures how long each takes. Fails if a call ends in another way.
/// Needs the failing tools of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Kind">How the calls are to end.</param>
/// <param name="Count">The number of these calls, which is also the number of pings.</param>
[SlotName("errors.times")]
internal sealed record ErrorTimesSlot(CallKind Kind, int Count) : Slot<ErrorTimesReply>;

/// <summary>A reply that says how long a call takes that fails, and a ping beside it.</summary>
internal sealed record ErrorTimesReply : Reply
{
    /// <summary>The median duration of a call that fails, in milliseconds.</summary>
    public double ErrorMs { get => Get(); init => Set(value); }

    /// <summary>The median duration of a ping, in milliseconds.</summary>
    public double PingMs { get => Get(); init => Set(value); }
}

/// <summary>
/// Makes calls one after another and cancels each when its tool has begun. Measures how soon the caller is told, and how soon the tool
/// notices. Needs the failing tools of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="AtSafePoint">
/// True if the tool waits at a safe point, so that the worker goes on; false if it has to be interrupted, so that the worker is replaced.
/// </param>
/// <param name="Count">The number of calls.</param>
[SlotName("errors.cancel")]
internal sealed record CancelSlot(bool AtSafePoint, int Count) : Slot<CancelReply>;

/// <summary>A reply that says how soon a cancellation arrives, as medians of several calls.</summary>
internal sealed record CancelReply : Reply
{
    /// <summary>The time until the caller had its exception, in milliseconds.</summary>
    public double ToldMs { get => Get(); init => Set(value); }

    /// <summary>The time until the code of the tool ran again, in milliseconds.</summary>
    public double NoticedMs { get => Get(); init => Set(value); }
}

/// <summary>
/// Makes calls of every kind in a drawn order, and counts those that have ended as they should. Fails if one has not, and names it, or if
/// the pool has counted other calls. Needs the failing tools of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Count">The number of calls.</param>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Seed">The seed of the order.</param>
[SlotName("errors.schedule")]
internal sealed record ErrorScheduleSlot(int Count, int Callers, int Seed = 0) : Slot<ErrorScheduleReply>;

/// <summary>A reply that says how many calls have ended as scheduled.</summary>
internal sealed record ErrorScheduleReply : Reply
{
    /// <summary>The number of calls that have ended as they should.</summary>
    public double Right { get => Get(); init => Set(value); }
}
