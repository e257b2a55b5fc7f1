using System.Text;

namespace Snakepit.Contracts;

/// <summary>Checks the names of tools and the keys of sessions. Only text that reaches Python unchanged is allowed.</summary>
internal static class Identifier
{
    /// <summary>The maximum length of a name or key, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The rule for names and keys in words, for messages of exceptions.</summary>
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
            return false; // the text contains one half of a surrogate pair, which UTF-8 cannot encode
        }
    }

    /// <summary>Throws if the text is not allowed as a name or key.</summary>
    /// <exception cref="ArgumentException">The text is not allowed. The message names the parameter and the rule.</exception>
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
