using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Snakepit.Payloads;

/// <summary>
/// Escapes text like another encoder, but throws for a lone surrogate, which that encoder would replace by U+FFFD in silence.
/// </summary>
internal sealed class SurrogateRefusingEncoder(JavaScriptEncoder inner) : JavaScriptEncoder
{
    public override int MaxOutputCharactersPerInputCharacter => inner.MaxOutputCharactersPerInputCharacter;

    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        // The writer asks this for every text. A lone surrogate is always a character that needs encoding.
        var first = inner.FindFirstCharacterToEncode(text, textLength);
        if (first >= 0)
        {
            RefuseLoneSurrogates(new ReadOnlySpan<char>(text, textLength), first);
        }

        return first;
    }

    public override bool WillEncode(int unicodeScalar) => inner.WillEncode(unicodeScalar);

    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true) =>
        inner.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock);

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        inner.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => inner.FindFirstCharacterToEncodeUtf8(utf8Text);

    private static void RefuseLoneSurrogates(ReadOnlySpan<char> text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            var next = text[i..].IndexOfAnyInRange('\ud800', '\udfff');
            if (next < 0)
            {
                return;
            }

            i += next;
            if (Rune.DecodeFromUtf16(text[i..], out _, out var length) != OperationStatus.Done)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"a text has a lone surrogate, U+{(int)text[i]:X4}, at position {i}"));
            }

            i += length - 1;
        }
    }
}
