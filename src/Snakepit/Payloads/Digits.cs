using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Snakepit.Payloads;

/// <summary>The text of the number that a reader stands at.</summary>
internal static class Digits
{
    private const int LongestShown = 40; // characters

    public static string Of(ref Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);

    public static string Shortened(string digits) => digits.Length <= LongestShown ? digits : digits[..LongestShown] + "…";
}
