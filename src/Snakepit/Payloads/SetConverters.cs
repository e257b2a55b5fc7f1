using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Payloads.Arrays;

namespace Snakepit.Payloads;

/// <summary>
/// Creates converters of sets that refuse an item which is there twice. .NET's own converters would drop it in silence, and Python would
/// not know that its list has become shorter.
/// </summary>
internal sealed class SetConverters : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && ConverterOf(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(ConverterOf(typeToConvert)!)!;

    /// <summary>
    /// Returns the type of the converter for a type of sets; null if there is none. There is none in a program that is compiled ahead of
    /// time, because the program has no code for the converters of the application's items.
    /// </summary>
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    private static Type? ConverterOf(Type set)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return null;
        }

        var (definition, items) = (set.GetGenericTypeDefinition(), set.GenericTypeArguments);
        return definition == typeof(HashSet<>) ? typeof(HashSetConverter<>).MakeGenericType(items)
            : definition == typeof(ISet<>) ? typeof(SetConverter<>).MakeGenericType(items)
            : definition == typeof(IReadOnlySet<>) ? typeof(ReadOnlySetConverter<>).MakeGenericType(items)
            : definition == typeof(SortedSet<>) ? typeof(SortedSetConverter<>).MakeGenericType(items)
            : definition == typeof(ImmutableHashSet<>) ? typeof(ImmutableHashSetConverter<>).MakeGenericType(items)
            : definition == typeof(ImmutableSortedSet<>) ? typeof(ImmutableSortedSetConverter<>).MakeGenericType(items)
            : definition == typeof(IImmutableSet<>) ? typeof(ImmutableSetConverter<>).MakeGenericType(items)
            : null;
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

        public override void Write(Utf8JsonWriter writer, TSet value, JsonSerializerOptions options)
        {
            var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            writer.WriteStartArray();
            foreach (var item in value)
            {
                JsonSerializer.Serialize(writer, item, type);
            }

            writer.WriteEndArray();
        }

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
