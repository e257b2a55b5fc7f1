using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Snakepit.Payloads;

/// <summary>
/// Refuses values of types of .NET whose JSON leaves out what they hold: a <c>StringBuilder</c> would arrive as its capacity and length.
/// Nothing in a type tells that, so the types are listed.
/// </summary>
internal static class LostContent
{
    // By the name of a class or interface, what to send instead. Types that derive from it are meant too. To name the types themselves
    // would load their assemblies. Types that the serializer itself refuses are here if its message does not help.
    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["System.Text.StringBuilder"] = "its text, ToString()",
        ["System.Text.RegularExpressions.Regex"] = "its pattern, ToString()",
        ["System.IO.TextReader"] = "its text, ReadToEnd()",
        ["System.IO.FileSystemInfo"] = "its path, FullName",
        ["System.Xml.XmlNode"] = "its text, OuterXml",
        ["System.Xml.Linq.XObject"] = "its text, ToString()",
        ["System.Linq.IGrouping`2"] = "a dictionary, groups.ToDictionary(group => group.Key, group => group.ToList())",
        ["System.Linq.ILookup`2"] = "a dictionary, lookup.ToDictionary(group => group.Key, group => group.ToList())",
        ["System.Collections.Specialized.NameObjectCollectionBase"] = "a dictionary of its keys and values",
        ["System.Net.IPAddress"] = "its text, ToString()",
        ["System.Net.EndPoint"] = "its text, ToString()",
        ["System.Net.CookieContainer"] = "its cookies, GetAllCookies()",
        ["System.Net.Http.HttpContent"] = "what it contains, such as ReadAsStringAsync() or ReadAsByteArrayAsync()",
        ["System.Net.Http.HttpRequestMessage"] = "what you need of it, and read its Content first",
        ["System.Net.Http.HttpResponseMessage"] = "what you need of it, and read its Content first",
        ["System.Data.IDataReader"] = "a list with a dictionary for each row",
        ["System.Data.DataTable"] = "a list with a dictionary for each row",
        ["System.Data.DataSet"] = "a list with a dictionary for each row",
        ["System.Data.DataView"] = "a list with a dictionary for each row",
        ["System.Data.DataRow"] = "a dictionary of its columns",
        ["System.Data.DataRowView"] = "a dictionary of its columns",
        ["System.Threading.Tasks.Task"] = "its result, and await it first",
        ["System.Threading.Tasks.ValueTask"] = "nothing, and await it first",
        ["System.Threading.Tasks.ValueTask`1"] = "its result, and await it first",
        ["System.Threading.Channels.Channel`2"] = "a list of what it contains",
        ["System.IO.Pipelines.Pipe"] = "the bytes that it contains",
        ["System.Security.SecureString"] = "its text, if it may leave this process",
        ["System.Exception"] = "its Message, or its text, ToString()",
        ["System.DBNull"] = "null",
    };

    /// <summary>Makes the serializer refuse such a type. To be called for each type, whose values cost nothing then.</summary>
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.None && InsteadOf(type) is { } instead)
        {
            type.OnSerializing += value =>
                throw new NotSupportedException($"a {value.GetType()} would lose its content in JSON: send {instead}");
        }
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "An interface that the trimmer has removed is used nowhere, so nothing is lost with it.")]
    private static string? InsteadOf(JsonTypeInfo type)
    {
        for (var known = type.Type; known is not null; known = known.BaseType)
        {
            if (Instead.TryGetValue(NameOf(known), out var instead))
            {
                return instead;
            }
        }

        foreach (var known in type.Type.GetInterfaces())
        {
            if (Instead.TryGetValue(NameOf(known), out var instead))
            {
                return instead;
            }
        }

        // Such as a Vector<T> or a WeakReference<T>, which would arrive as an empty object. The program's own types may mean to be empty.
        var isEmpty = type is { Kind: JsonTypeInfoKind.Object, Properties.Count: 0 } && type.Type != typeof(object);
        return isEmpty && NameOf(type.Type).StartsWith("System.", StringComparison.Ordinal)
            ? "what it holds, as text, a list or a dictionary"
            : null;
    }

    private static string NameOf(Type type) => $"{type.Namespace}.{type.Name}";
}
