using System.Globalization;

namespace Snakepit.Measurement.Profiles;

/// <summary>
/// Writes profiles in the collapsed form that flame graph programs read: a line for each stack, its functions separated by semicolons, and
/// its cost as a whole number.
/// </summary>
public static class CollapsedStacks
{
    /// <summary>Writes the stacks of several profiles together.</summary>
    /// <param name="profiles">The profiles.</param>
    /// <param name="scale">How many times its unit a cost is written as, so that rounding to whole numbers loses little.</param>
    /// <param name="writer">Receives the lines.</param>
    public static void Write(IEnumerable<Profile> profiles, double scale, TextWriter writer)
    {
        var stacks = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in profiles.SelectMany(profile => profile.Samples))
        {
            // A semicolon and a space at the end have a meaning in this form, and names of generic functions can contain them.
            var stack = string.Join(';', sample.Frames.Select(frame => frame.ToString().Replace(';', ',').Replace(' ', '_')));
            stacks[stack] = stacks.GetValueOrDefault(stack) + sample.Cost;
        }

        foreach (var (stack, cost) in stacks)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stack} {Math.Max(1, Math.Round(cost * scale))}"));
        }
    }
}
