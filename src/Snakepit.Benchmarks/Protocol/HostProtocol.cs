using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// How an orchestrator drives a host process: one JSON object a line. The host first writes a <see cref="Greeting"/> to its standard
/// output, and then one <see cref="SlotReply"/> for each <see cref="SlotRequest"/> on its standard input. When its input ends, the host
/// ends everything that it has started.
/// </summary>
/// <remarks>
/// The host of a pinned revision is older than the orchestrator that drives it. So lines may get something new, but nothing in them may
/// change. A new slot, a new parameter with a default and a new value in a reply need no new version: a host answers a slot that it does
/// not have with <see cref="SlotReply.Unknown"/>, and the orchestrator notices if a reply lacks a value. A slot that is to measure
/// something else gets a new version of its own (<see cref="SlotNameAttribute.Version"/>). <see cref="Current"/> counts changes of the form
/// of the lines. The orchestrator drops an old version only after all pins have moved past it.
/// </remarks>
internal static class HostProtocol
{
    /// <summary>The version that this host speaks.</summary>
    public const int Current = 1;

    /// <summary>The oldest version that this orchestrator speaks, and that of a greeting without a version.</summary>
    public const int Oldest = 1;

    /// <summary>How lines are written and read.</summary>
    public static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };
}
