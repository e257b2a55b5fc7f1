using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// What a slot measured. Each property of a reply is a number under the same name on the wire. Reading one that the host did not send
/// throws, so that a reply of an older host is usable as far as it goes.
/// </summary>
internal abstract record Reply
{
    /// <summary>The numbers by their names on the wire.</summary>
    public ImmutableDictionary<string, double> Values { get; private protected set; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Many numbers of one kind, if the slot measures such.</summary>
    public ImmutableArray<int> Samples { get; init; } = [];

    /// <summary>The reply of a kind of slot out of a line.</summary>
    public static T Read<T>(SlotReply line)
        where T : Reply, new() => new() { Values = line.Values, Samples = line.Samples };

    /// <summary>The reply as a line.</summary>
    /// <param name="id">The request's id.</param>
    public SlotReply ToLine(long id) => new(id) { Values = Values, Samples = Samples };

    /// <summary>The value of the property that calls this.</summary>
    /// <exception cref="ValueNotSentException">The host did not send it.</exception>
    protected double Get([CallerMemberName] string property = "")
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property);
        return Values.TryGetValue(name, out var value) ? value : throw new ValueNotSentException(name);
    }

    /// <summary>Sets the value of the property that calls this.</summary>
    protected void Set(double value, [CallerMemberName] string property = "") =>
        Values = Values.SetItem(JsonNamingPolicy.CamelCase.ConvertName(property), value);
}

/// <summary>A reply lacks a value, because the host is older than the value.</summary>
/// <param name="name">The value's name on the wire.</param>
internal sealed class ValueNotSentException(string name) : Exception($"does not measure '{name}' yet");
