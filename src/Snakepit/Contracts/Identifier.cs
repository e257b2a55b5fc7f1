using System.Text;

namespace Snakepit.Contracts;

/// <summary>Which texts are allowed as names of tools and keys of sessions: those that reach Python unchanged.</summary>
internal static class Identifier
{
    /// <summary>The longest name or key, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The rule in words, for messages.</summary>
    public static string Rule => "1 to 1,024 bytes of valid UTF-8 that are not all white space";

    public static bool IsValid(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxBytes)
        {
            return false;
        }

        try
        {
            return Strict.GetByteCount(name) <= MaxBytes;
        }
        catch (EncoderFallbackException)
        {
            return false; // half a surrogate pair
        }
    }

    /// <summary>Throws if the text is not allowed.</summary>
    /// <exception cref="ArgumentException">The message names the parameter and the rule.</exception>
    public static void Require(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"{parameter} must be {Rule}; this one has {name.Length:N0} characters: '{Shortened(name)}'.", parameter);
        }
    }

    private static string Shortened(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
