using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Snakepit.Hosting.Configuration;

/// <summary>
/// Finds what is wrong with a section of a pool before its values are bound: keys that no option has, groups that are values and the other
/// way round, and durations that are plain numbers, which .NET would read as days.
/// </summary>
internal static class SectionFaults
{
    private const int FarthestName = 3;

    /// <summary>Returns a sentence for each fault, with the whole path of its key.</summary>
    /// <param name="section">The section of the pool.</param>
    /// <param name="path">The path of the section, for messages.</param>
    /// <param name="isPool">Says of a key whether the section below it belongs to another pool.</param>
    public static IReadOnlyList<string> Of(IConfiguration section, string path, Func<string, bool> isPool) =>
        [.. In(section.GetChildren().Where(child => !isPool(child.Key)), path, KnownKeys.OfPool)];

    private static IEnumerable<string> In(IEnumerable<IConfigurationSection> children, string path, IReadOnlyDictionary<string, Type> known)
    {
        foreach (var child in children)
        {
            var place = path.Length == 0 ? child.Key : $"{path}:{child.Key}";
            if (!known.TryGetValue(child.Key, out var type))
            {
                yield return IsOnlyInCode(child.Key)
                    ? $"{place} cannot be configured. Set {nameof(SnakepitSettings)}.{child.Key} in the code that adds the pool."
                    : $"{place} is no option of a pool.{Nearest(child.Key, known.Keys)}";
            }
            else if (KnownKeys.OfGroup(type) is { } group)
            {
                foreach (var fault in string.IsNullOrEmpty(child.Value)
                    ? In(child.GetChildren(), place, group)
                    : [$"{place} must be a section with {string.Join(", ", group.Keys)}, was '{child.Value}'."])
                {
                    yield return fault;
                }
            }
            else if (FaultOfValue(child, place, type) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static string? FaultOfValue(IConfigurationSection child, string place, Type type)
    {
        if (type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
        {
            return string.IsNullOrEmpty(child.Value) ? null : $"{place} must be a list or a section, was '{child.Value}'.";
        }

        if (child.GetChildren().FirstOrDefault() is { } inner)
        {
            return $"{place} must be a single value, but there is {place}:{inner.Key}.";
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return !long.TryParse(child.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? null
            : type == typeof(TimeSpan)
                ? $"{place} must be a duration such as 00:00:30 for 30 s, was '{child.Value}', which .NET reads as {number} days."
            : type.IsEnum ? $"{place} must be {NamesOf(type)}, was '{child.Value}'."
            : null;
    }

    private static string NamesOf(Type type) =>
        (type.IsDefined(typeof(FlagsAttribute), inherit: false) ? "some, with commas between them, of " : "one of ")
        + string.Join(", ", Enum.GetNames(type));

    private static bool IsOnlyInCode(string key) => KnownKeys.OnlyInCode.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static string Nearest(string key, IEnumerable<string> names)
    {
        var nearest = names.MinBy(name => Distance(key.ToUpperInvariant(), name.ToUpperInvariant()))!;
        return Distance(key.ToUpperInvariant(), nearest.ToUpperInvariant()) <= FarthestName ? $" Did you mean {nearest}?" : "";
    }

    /// <summary>Returns how many letters must be added, removed or replaced to make one word of another (Levenshtein, 1966).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
