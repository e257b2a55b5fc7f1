using System.Reflection;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// A slot is a request to a benchmark host, usually for one short measurement. Each kind of slot is a record. Its properties are the
/// parameters of the request and have the same names on the wire, and its <see cref="SlotNameAttribute"/> is the name of the kind.
/// </summary>
internal abstract record Slot
{
    /// <summary>
    /// Returns the name of a kind of slot on the wire, such as <c>closed</c>. From version 2 on, the name includes the version, as in
    /// <c>closed@2</c>.
    /// </summary>
    public static string NameOf(Type slot) => slot.GetCustomAttribute<SlotNameAttribute>() is { } name
        ? name.Version == 1 ? name.Name : $"{name.Name}@{name.Version}"
        : throw new InvalidOperationException($"{slot.Name} needs the attribute [SlotName(\"…\")], which names it on the wire.");
}

/// <summary>A slot whose reply is a <typeparamref name="TReply"/>.</summary>
/// <typeparam name="TReply">The type of the reply, which holds what the slot measured.</typeparam>
internal abstract record Slot<TReply> : Slot
    where TReply : Reply, new();

/// <summary>Gives a kind of slot its name, which must never change, and the version of its meaning.</summary>
/// <param name="name">The name of the slot on the wire, without the version.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class SlotNameAttribute(string name) : Attribute
{
    public string Name => name;

    /// <summary>
    /// The version of the slot's meaning. It must be raised when the slot is changed to measure something else under the same name. Hosts
    /// of older revisions then no longer know the slot, and its metrics cannot be compared until the pin moves to a newer commit.
    /// </summary>
    public int Version { get; init; } = 1;
}
