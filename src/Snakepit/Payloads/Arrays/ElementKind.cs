using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Snakepit.Protocol.V1;
using Kind = Snakepit.Protocol.V1.Attachment.Types.Kind;

namespace Snakepit.Payloads.Arrays;

/// <summary>
/// The kinds of elements that an array may have on its way to Python and back: their .NET types, sizes and Python's names.
/// </summary>
internal static class ElementKind
{
    private static readonly FrozenDictionary<Type, Kind> KindOfType = new Dictionary<Type, Kind>
    {
        [typeof(bool)] = Kind.Bool,
        [typeof(sbyte)] = Kind.Int8,
        [typeof(byte)] = Kind.Uint8,
        [typeof(short)] = Kind.Int16,
        [typeof(ushort)] = Kind.Uint16,
        [typeof(int)] = Kind.Int32,
        [typeof(uint)] = Kind.Uint32,
        [typeof(long)] = Kind.Int64,
        [typeof(ulong)] = Kind.Uint64,
        [typeof(Half)] = Kind.Float16,
        [typeof(float)] = Kind.Float32,
        [typeof(double)] = Kind.Float64,
        [typeof(Complex)] = Kind.Complex128,
    }.ToFrozenDictionary();

    /// <summary>Returns the kind of a .NET type; false if arrays of this type are sent as JSON.</summary>
    public static bool TryGet(Type element, out Kind kind) => KindOfType.TryGetValue(element, out kind);

    /// <summary>Returns the kind of a .NET type that has one.</summary>
    public static Kind Of<T>()
        where T : unmanaged => KindOfType[typeof(T)];

    /// <summary>Returns the .NET type of a kind; null for bytes that are no numbers.</summary>
    public static Type? TypeOf(Kind kind) => KindOfType.FirstOrDefault(entry => entry.Value == kind).Key;

    /// <summary>Returns how many bytes an element has; 0 if this version does not know the kind.</summary>
    public static int SizeOf(Kind kind) => kind switch
    {
        Kind.Bytes or Kind.Bool or Kind.Int8 or Kind.Uint8 => 1,
        Kind.Int16 or Kind.Uint16 or Kind.Float16 => 2,
        Kind.Int32 or Kind.Uint32 or Kind.Float32 => 4,
        Kind.Int64 or Kind.Uint64 or Kind.Float64 => 8,
        Kind.Complex128 => 16,
        _ => 0,
    };

    /// <summary>Describes an attachment for a message, such as "an array of float32 with shape (2, 3)".</summary>
    public static string Describe(Attachment attachment) => Describe(attachment, attachment.Content.Length);

    /// <summary>Describes an attachment whose content is not in it.</summary>
    public static string Describe(Attachment attachment, int bytes)
    {
        var name = attachment.Kind.ToString().ToLowerInvariant(); // as numpy calls it: float32
        return (attachment.Kind, attachment.Shape) switch
        {
            (Kind.Bytes, _) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes"),
            (_, []) => $"a number of the kind {name}",
            (_, [var length]) => $"an array of {name} with shape ({length},)",
            (_, var shape) => $"an array of {name} with shape ({string.Join(", ", shape)})",
        };
    }
}
