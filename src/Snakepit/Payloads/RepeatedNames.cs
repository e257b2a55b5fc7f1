using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>
/// Finds names that are there twice in an object of written JSON, of which Python would keep the last in silence. The JSON is searched only
/// if something was written whose names may repeat. Two keys of a dictionary may have the same text, such as 1 and "1"; a dictionary of the
/// application's own may give a key twice; and so may what a converter of the application writes. The properties of an object, and the keys
/// of a <see cref="Dictionary{TKey, TValue}"/> of strings, cannot repeat, so most calls are never searched.
/// </summary>
internal sealed class RepeatedNames
{
    private static readonly ConcurrentDictionary<Type, Func<object, bool>> Certainties = new();

    // Whether something whose names may repeat was written on this thread. The serializer writes a value on one thread.
    [ThreadStatic]
    private static bool _mayRepeat;

    private volatile bool _mayAlwaysRepeat;

    /// <param name="options">The options of the application.</param>
    public RepeatedNames(JsonSerializerOptions options) =>
        _mayAlwaysRepeat = options.ReferenceHandler is not null; // it adds names such as $id, which a key of a dictionary may be too

    /// <summary>Begins to watch what is written on this thread. Returns what <see cref="MayBeWritten"/> needs.</summary>
    public static bool Watch()
    {
        var outer = _mayRepeat; // a property of the value may itself make a call on this thread
        _mayRepeat = false;
        return outer;
    }

    /// <summary>Ends a watch. Returns true if a name may be there twice in what was written.</summary>
    /// <param name="outer">What <see cref="Watch"/> has returned.</param>
    public bool MayBeWritten(bool outer)
    {
        var mayRepeat = _mayRepeat;
        _mayRepeat = outer;
        return mayRepeat || _mayAlwaysRepeat;
    }

    /// <summary>Makes the serializer tell when it writes something whose names may repeat. To be called for each type.</summary>
    public void Attend(JsonTypeInfo type)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Dictionary when type.Options.DictionaryKeyPolicy is not null: // it may make one name of two keys
                type.OnSerializing += static _ => _mayRepeat = true;
                break;
            case JsonTypeInfoKind.Dictionary:
                var (declared, areCertain) = (type.Type, CertaintyOf(type.Type));
                type.OnSerializing += written =>
                    _mayRepeat |= !(written.GetType() == declared ? areCertain : CertaintyOf(written.GetType()))(written);
                break;
            case JsonTypeInfoKind.Object
                when type.Properties.Any(property => property.IsExtensionData || IsForeign(property.CustomConverter)):
                type.OnSerializing += static _ => _mayRepeat = true;
                break;
            case JsonTypeInfoKind.None when IsForeign(type.Converter):
                _mayAlwaysRepeat = true; // nothing tells when such a converter writes
                break;
        }
    }

    /// <summary>Returns the steps to the first object in which a name is there twice, and the name; null if there is none.</summary>
    public static (List<object> Steps, string Name)? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var open = new Stack<Container>();
        var unused = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new Container(unused.TryPop(out var names) ? names : []));
                    break;
                case JsonTokenType.StartArray:
                    open.Push(new Container(names: null));
                    break;
                case JsonTokenType.PropertyName:
                    var name = reader.GetString()!;
                    if (!open.Peek().Names!.Add(name))
                    {
                        open.Pop();
                        return ([.. open.Reverse().Select(container => container.Step)], name);
                    }

                    open.Peek().Step = name;
                    continue;
                case JsonTokenType.EndObject:
                    var ended = open.Pop().Names!;
                    ended.Clear();
                    unused.Push(ended);
                    break;
                case JsonTokenType.EndArray:
                    open.Pop();
                    break;
            }

            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)
                && open.TryPeek(out var around) && around.Step is int index)
            {
                around.Step = index + 1;
            }
        }

        return null;
    }

    /// <summary>Returns true if a converter is neither of .NET nor of this library.</summary>
    private static bool IsForeign(object? converter) =>
        converter is not null && converter.GetType().Assembly is var assembly
        && assembly != typeof(JsonSerializer).Assembly && assembly != typeof(RepeatedNames).Assembly;

    /// <summary>Returns what tells of a dictionary of this type whether no two of its keys can have the same text.</summary>
    private static Func<object, bool> CertaintyOf(Type type) => Certainties.GetOrAdd(type, MakeCertainty);

    // A program that is compiled ahead of time may lack the code for the type of the values. There, the JSON is searched.
    private static Func<object, bool> MakeCertainty(Type type) =>
        RuntimeFeature.IsDynamicCodeSupported
        && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
        && type.GenericTypeArguments is [var key, var value] && key == typeof(string)
            ? typeof(RepeatedNames).GetMethod(nameof(HasUsualComparer), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(value)
                .CreateDelegate<Func<object, bool>>()
            : static _ => false;

    // A comparer of another kind, such as ReferenceEqualityComparer, may take two equal texts for two keys.
    private static bool HasUsualComparer<TValue>(object dictionary) =>
        ((Dictionary<string, TValue>)dictionary).Comparer is var comparer
        && (ReferenceEquals(comparer, EqualityComparer<string>.Default)
            || (comparer is StringComparer && comparer.GetType().Assembly == typeof(StringComparer).Assembly));

    /// <summary>An object or array that the reader is inside of.</summary>
    private sealed class Container(HashSet<string>? names)
    {
        /// <summary>The names of an object so far; null for an array.</summary>
        public HashSet<string>? Names => names;

        /// <summary>The current name of an object, or the current index of an array.</summary>
        public object Step { get; set; } = names is null ? 0 : "";
    }
}
