using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// The reply of a slot: what the slot measured. Each property of a reply is a number that has the same name on the wire. Reading a property
/// that the host did not send throws an exception, so that the values that an older host does send can still be used.
/// </summary>
internal abstract record Reply
{
    /// <summary>The measured numbers by their names on the wire.</summary>
    public ImmutableDictionary<string, double> Values { get; private protected set; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>
    /// Measured numbers of which there are many of one kind, such as the duration of every call; empty if the slot measures nothing of this
    /// kind.
    /// </summary>
    public ImmutableArray<int> Samples { get; init; } = [];

    /// <summary>Converts a received line to the reply of a kind of slot.</summary>
    public static T Read<T>(SlotReply line)
        where T : Reply, new() => new() { Values = line.Values, Samples = line.Samples };

    /// <summary>Converts the reply to a line that can be sent.</summary>
    /// <param name="id">The id of the request that is answered.</param>
    public SlotReply ToLine(long id) => new(id) { Values = Values, Samples = Samples };

    /// <summary>Returns the value of the property that calls this method.</summary>
    /// <exception cref="ValueNotSentException">The host did not send the value.</exception>
    protected double Get([CallerMemberName] string property = "")
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property);
        return Values.TryGetValue(name, out var value) ? value : throw new ValueNotSentException(name);
    }

    /// <summary>Sets the value of the property that calls this method.</summary>
    protected void Set(double value, [CallerMemberName] string property = "") =>
        Values = Values.SetItem(JsonNamingPolicy.CamelCase.ConvertName(property), value);
}

/// <summary>Thrown when a reply lacks a value, because the host is older than the value.</summary>
/// <param name="name">The name of the value on the wire.</param>
internal sealed class ValueNotSentException(string name) : Exception($"does not measure '{name}' yet");
