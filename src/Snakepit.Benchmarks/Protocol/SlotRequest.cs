using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>The line that asks for a slot: an id, the slot's name, and the slot's parameters beside them.</summary>
/// <param name="Id">Repeated in the reply.</param>
/// <param name="Name">The name of the slot.</param>
/// <param name="Parameters">The whole line, of which a slot reads its own parameters.</param>
internal sealed record SlotRequest(long Id, string Name, JsonObject Parameters)
{
    private const string IdKey = "id";
    private const string SlotKey = "slot";

    /// <summary>The line that asks for <paramref name="slot"/>.</summary>
    public static string Line(long id, Slot slot)
    {
        var line = ParametersOf(slot);
        line.Insert(0, IdKey, id);
        line.Insert(1, SlotKey, Slot.NameOf(slot.GetType()));
        return line.ToJsonString(HostProtocol.Format);
    }

    /// <summary>The parameters of a slot as they are on the wire.</summary>
    public static JsonObject ParametersOf(Slot slot) =>
        JsonSerializer.SerializeToNode(slot, slot.GetType(), HostProtocol.Format)!.AsObject();

    /// <summary>Reads a line.</summary>
    /// <exception cref="InvalidDataException">It is not an object with an id and the name of a slot.</exception>
    public static SlotRequest Read(string line) =>
        JsonNode.Parse(line) is JsonObject request && request[IdKey] is { } id && request[SlotKey] is { } name
            ? new SlotRequest(id.GetValue<long>(), name.GetValue<string>(), request)
            : throw new InvalidDataException($"A request must be a JSON object with an 'id' and a 'slot': {line}");

    /// <summary>The slot that is asked for, with its parameters; one that the line lacks has its default.</summary>
    public T To<T>()
        where T : Slot => Parameters.Deserialize<T>(HostProtocol.Format)!;
}
