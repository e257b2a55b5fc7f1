using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>
/// Creates converters of sets that refuse an item which is there twice. .NET's own converters would drop it in silence, and Python would
/// not know that its list has become shorter.
/// </summary>
internal sealed class SetConverters : JsonConverterFactory
{
    private static readonly Dictionary<Type, Type> Makers = new()
    {
        [typeof(HashSet<>)] = typeof(HashSetConverter<>),
        [typeof(ISet<>)] = typeof(SetConverter<>),
        [typeof(IReadOnlySet<>)] = typeof(ReadOnlySetConverter<>),
        [typeof(SortedSet<>)] = typeof(SortedSetConverter<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetConverter<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetConverter<>),
        [typeof(IImmutableSet<>)] = typeof(ImmutableSetConverter<>),
    };

    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && Makers.ContainsKey(typeToConvert.GetGenericTypeDefinition());

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var converter = Makers[typeToConvert.GetGenericTypeDefinition()].MakeGenericType(typeToConvert.GenericTypeArguments);
        return (JsonConverter)Activator.CreateInstance(converter)!;
    }

    private abstract class Base<TSet, T> : JsonConverter<TSet>
        where TSet : IEnumerable<T>
    {
        public override TSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var items = ItemReader.Read<T>(ref reader, options);
            var made = Make(items);
            return made.Count() == items.Count
                ? made
                : throw new JsonException("an item is there twice, which a set would drop; ask for a list");
        }

        public override void Write(Utf8JsonWriter writer, TSet value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize<IEnumerable<T>>(writer, value, options);

        protected abstract TSet Make(List<T> items);
    }

    private sealed class HashSetConverter<T> : Base<HashSet<T>, T>
    {
        protected override HashSet<T> Make(List<T> items) => [.. items];
    }

    private sealed class SetConverter<T> : Base<ISet<T>, T>
    {
        protected override ISet<T> Make(List<T> items) => new HashSet<T>(items);
    }

    private sealed class ReadOnlySetConverter<T> : Base<IReadOnlySet<T>, T>
    {
        protected override IReadOnlySet<T> Make(List<T> items) => new HashSet<T>(items);
    }

    private sealed class SortedSetConverter<T> : Base<SortedSet<T>, T>
    {
        protected override SortedSet<T> Make(List<T> items) => [.. items];
    }

    private sealed class ImmutableHashSetConverter<T> : Base<ImmutableHashSet<T>, T>
    {
        protected override ImmutableHashSet<T> Make(List<T> items) => [.. items];
    }

    private sealed class ImmutableSortedSetConverter<T> : Base<ImmutableSortedSet<T>, T>
    {
        protected override ImmutableSortedSet<T> Make(List<T> items) => [.. items];
    }

    private sealed class ImmutableSetConverter<T> : Base<IImmutableSet<T>, T>
    {
        protected override IImmutableSet<T> Make(List<T> items) => ImmutableHashSet.CreateRange(items);
    }
}
