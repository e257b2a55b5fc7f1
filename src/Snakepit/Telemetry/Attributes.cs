using Google.Protobuf.Collections;
using Attribute = Snakepit.Protocol.V1.Attribute;

namespace Snakepit.Telemetry;

/// <summary>Converts the attributes that Python tools give to their spans and measurements.</summary>
internal static class Attributes
{
    public static IEnumerable<KeyValuePair<string, object?>> Of(RepeatedField<Attribute> attributes) =>
        attributes.Select(attribute => new KeyValuePair<string, object?>(attribute.Key, ValueOf(attribute)));

    private static object ValueOf(Attribute attribute) => attribute.ValueCase switch
    {
        Attribute.ValueOneofCase.Integer => attribute.Integer,
        Attribute.ValueOneofCase.Number => attribute.Number,
        Attribute.ValueOneofCase.Flag => attribute.Flag,
        _ => attribute.Text,
    };
}
