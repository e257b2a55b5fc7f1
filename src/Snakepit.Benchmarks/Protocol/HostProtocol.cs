using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// The protocol between the orchestrator, which is the <c>bench</c> process that plans and judges measurements, and its benchmark hosts,
/// which are processes that measure the pool in their own build. Each line is one JSON object. The host first writes a
/// <see cref="Greeting"/> to its standard output, and then one <see cref="SlotReply"/> for each <see cref="SlotRequest"/> on its standard
/// input. When its input ends, the host ends all processes that it has started, and then itself.
/// </summary>
/// <remarks>
/// The host of the pinned commit is usually older than the orchestrator, so lines may be extended, but their existing parts must not
/// change. A new slot, a new parameter with a default, and a new value in a reply need no new version: a host answers an unknown slot with
/// <see cref="SlotReply.Unknown"/>, and the orchestrator notices when a reply lacks a value. If a slot is changed to measure something
/// else, the slot gets a new version (<see cref="SlotNameAttribute.Version"/>). <see cref="Current"/> is raised only when the form of the
/// lines changes. The orchestrator must speak an old version until every pin has moved past it.
/// </remarks>
internal static class HostProtocol
{
    /// <summary>The version of the protocol that the hosts of this build speak.</summary>
    public const int Current = 1;

    /// <summary>
    /// The oldest version of the protocol that the <c>bench</c> process of this build can speak with a host. A greeting without a version
    /// has this version.
    /// </summary>
    public const int Oldest = 1;

    /// <summary>The JSON settings for writing and reading lines.</summary>
    public static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };
}
