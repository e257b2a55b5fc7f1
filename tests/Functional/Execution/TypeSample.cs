using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A value that a tool of <c>python/type_tools.py</c> gets, tells and returns.</summary>
/// <param name="Type">The name of its type, as it is written in C#.</param>
/// <param name="Items">Its content, as Python writes it.</param>
/// <param name="Dtype">The type of its elements, as numpy names it; empty if it is no array.</param>
/// <param name="CheckAsync">Sends it to the tool with a name, and asserts that it is seen and comes back as it should.</param>
internal sealed record TypeSample(string Type, string Items, string Dtype, Func<SnakepitPool, string, string, Task> CheckAsync)
{
    private sealed record Answer<T>(string Name, string Items, string Dtype, T Back);

    /// <summary>Makes a sample that comes back as it was.</summary>
    public static TypeSample Of<T>(T given, string items, string dtype = "") => Of(() => given, given, items, dtype);

    /// <summary>Makes a sample of which <paramref name="back"/> comes back.</summary>
    public static TypeSample Of<T, TBack>(Func<T> given, TBack back, string items, string dtype = "") =>
        new(CSharp.NameOf(typeof(T)), items, dtype, async (pool, tool, name) =>
        {
            var arguments = new Dictionary<string, T> { ["given"] = given() };
            var answer = await pool.ExecuteAsync<Answer<TBack>>(tool, arguments).InTime();
            Assert.Equal((name, items, name == "ndarray" ? dtype : ""), (answer.Name, answer.Items, answer.Dtype));
            Assert.Equal(Bits.Of(back), Bits.Of(answer.Back));
        });
}

/// <summary>A value that an expression in Python makes.</summary>
/// <param name="Class">The name of its class.</param>
/// <param name="Type">The name of the type that is asked for in .NET, as it is written in C#.</param>
/// <param name="CheckAsync">Asks for the value, and asserts that it arrives as it should.</param>
internal sealed record ResultSample(string Class, string Type, Func<SnakepitPool, Task> CheckAsync)
{
    /// <summary>Makes a sample.</summary>
    public static ResultSample Of<T>(string name, string expression, T expected) =>
        new(name, CSharp.NameOf(typeof(T)), async pool =>
        {
            var back = await pool.ExecuteAsync<T>("made", new { expression, name }).InTime();
            Assert.True(Bits.Of(expected).AsSpan().SequenceEqual(Bits.Of(back)), $"{expression} became {back}, not {expected}");
        });
}

/// <summary>Writes the names of types as C# does.</summary>
internal static class CSharp
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    public static string NameOf(Type type) =>
        type.IsArray ? $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>"
        : Keywords.GetValueOrDefault(type, type.Name);
}
