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

    /// <summary>Returns true if a number in JSON is not 0: one of its digits before the exponent is another one.</summary>
    public static bool AreNotZero(ReadOnlySpan<char> number)
    {
        var exponent = number.IndexOfAny('e', 'E');
        return (exponent < 0 ? number : number[..exponent]).IndexOfAnyInRange('1', '9') >= 0;
    }

    public static string Shortened(string digits) => digits.Length <= LongestShown ? digits : digits[..LongestShown] + "…";
}
