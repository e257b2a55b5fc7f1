using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Snakepit.Hosting.Configuration;

/// <summary>The keys that a section of a pool may have, with the types of their values.</summary>
internal static class KnownKeys
{
    /// <summary>Settings that only code can give, because their values are no text.</summary>
    public static readonly IReadOnlyList<string> OnlyInCode = [nameof(SnakepitSettings.HostTools), nameof(SnakepitSettings.Json)];

    /// <summary>The keys of the section itself.</summary>
    public static readonly IReadOnlyDictionary<string, Type> OfPool = Of(typeof(ConfigurableSettings));

    private static readonly Dictionary<Type, IReadOnlyDictionary<string, Type>> Groups = new()
    {
        [typeof(SessionSettings)] = Of(typeof(SessionSettings)),
        [typeof(HeartbeatSettings)] = Of(typeof(HeartbeatSettings)),
        [typeof(RecyclingSettings)] = Of(typeof(RecyclingSettings)),
        [typeof(LimitSettings)] = Of(typeof(LimitSettings)),
        [typeof(EnvironmentSettings)] = Of(typeof(EnvironmentSettings)),
    };

    /// <summary>Whether the settings of a pool have an option of this name, in upper or lower case.</summary>
    public static bool IsOption(string name) => OfPool.ContainsKey(name) || OnlyInCode.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the keys below a key whose value is a group of settings; null for any other type.</summary>
    public static IReadOnlyDictionary<string, Type>? OfGroup(Type type) => Groups.GetValueOrDefault(type);

    private static Dictionary<string, Type> Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
}
