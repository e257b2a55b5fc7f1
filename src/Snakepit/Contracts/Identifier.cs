using System.Text;

namespace Snakepit.Contracts;

/// <summary>What can be the name of a tool, or the key of a session: text that arrives in Python as it was.</summary>
internal static class Identifier
{
    /// <summary>The longest name or key, in bytes of UTF-8.</summary>
    public const int Longest = 1024;

    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The rule in words.</summary>
    public static string Rule => "1 to 1,024 bytes of valid UTF-8 that are not all white space";

    public static bool IsValid(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > Longest)
        {
            return false;
        }

        try
        {
            return Strict.GetByteCount(name) <= Longest;
        }
        catch (EncoderFallbackException)
        {
            return false; // half a surrogate pair
        }
    }

    /// <summary>Refuses what cannot be one.</summary>
    /// <exception cref="ArgumentException">The message names the parameter and the rule.</exception>
    public static void Require(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (!IsValid(name))
        {
            throw new ArgumentException($"{parameter} must be {Rule}; this one has {name.Length:N0} characters: '{Shown(name)}'.", parameter);
        }
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
