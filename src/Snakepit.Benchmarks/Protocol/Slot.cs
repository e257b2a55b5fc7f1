using System.Reflection;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>
/// Something that a host runs and measures as a whole. A slot is a record: its properties are the parameters, under the same names on the
/// wire, and <see cref="SlotNameAttribute"/> names it.
/// </summary>
internal abstract record Slot
{
    /// <summary>
    /// The name of a kind of slot on the wire, such as <c>closed</c>; from version 2 on with the version, such as <c>closed@2</c>.
    /// </summary>
    public static string NameOf(Type slot) => slot.GetCustomAttribute<SlotNameAttribute>() is { } name
        ? name.Version == 1 ? name.Name : $"{name.Name}@{name.Version}"
        : throw new InvalidOperationException($"{slot.Name} needs the attribute [SlotName(\"…\")], which names it on the wire.");
}

/// <summary>A slot that is answered with a <typeparamref name="TReply"/>.</summary>
/// <typeparam name="TReply">What the slot measures.</typeparam>
internal abstract record Slot<TReply> : Slot
    where TReply : Reply, new();

/// <summary>The name of a kind of slot, which never changes, and the version of its meaning.</summary>
/// <param name="name">The name on the wire.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class SlotNameAttribute(string name) : Attribute
{
    public string Name => name;

    /// <summary>
    /// 1 at first. Raise it when the slot measures something else than before under the same name: then hosts of older revisions no longer
    /// know the slot, and its metrics are not comparable until the pin moves.
    /// </summary>
    public int Version { get; init; } = 1;
}
