using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// The line that asks a host to run a slot. It contains an id, the name of the slot, and the parameters of the slot next to them.
/// </summary>
/// <param name="Id">The id of the request, which the reply repeats.</param>
/// <param name="Name">The name of the slot on the wire.</param>
/// <param name="Parameters">The whole line as a JSON object. A slot reads its own parameters from it and ignores the rest.</param>
internal sealed record SlotRequest(long Id, string Name, JsonObject Parameters)
{
    private const string IdKey = "id";
    private const string SlotKey = "slot";

    /// <summary>Returns the line that asks for <paramref name="slot"/>.</summary>
    public static string Line(long id, Slot slot)
    {
        var line = ParametersOf(slot);
        line.Insert(0, IdKey, id);
        line.Insert(1, SlotKey, Slot.NameOf(slot.GetType()));
        return line.ToJsonString(HostProtocol.Format);
    }

    /// <summary>Returns the parameters of a slot as a JSON object with the names that are used on the wire.</summary>
    public static JsonObject ParametersOf(Slot slot) =>
        JsonSerializer.SerializeToNode(slot, slot.GetType(), HostProtocol.Format)!.AsObject();

    /// <summary>Reads a request from a line.</summary>
    /// <exception cref="InvalidDataException">The line is not a JSON object that has an id and the name of a slot.</exception>
    public static SlotRequest Read(string line) =>
        JsonNode.Parse(line) is JsonObject request && request[IdKey] is { } id && request[SlotKey] is { } name
            ? new SlotRequest(id.GetValue<long>(), name.GetValue<string>(), request)
            : throw new InvalidDataException($"A request must be a JSON object with an 'id' and a 'slot': {line}");

    /// <summary>Returns the requested slot with its parameters. A parameter that the line lacks gets its default value.</summary>
    public T To<T>()
        where T : Slot => Parameters.Deserialize<T>(HostProtocol.Format)!;
}
