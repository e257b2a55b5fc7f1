using System.Text.Json.Serialization;

namespace Snakepit.Contracts.Statistics;

/// <summary>Describes <see cref="HardwareFacts"/> to the serializer, so that reading them needs no reflection.</summary>
[JsonSerializable(typeof(HardwareFacts))]
internal sealed partial class HardwareTypes : JsonSerializerContext;
