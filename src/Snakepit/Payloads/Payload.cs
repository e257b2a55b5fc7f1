using System.Text;
using Google.Protobuf;
using Snakepit.Payloads.Arrays;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads;

/// <summary>A value as it travels.</summary>
/// <param name="Json">The JSON; empty if there are no arguments.</param>
/// <param name="Attachments">What JSON cannot carry; null if it carries all.</param>
internal readonly record struct Payload(ByteString Json, Attachments? Attachments)
{
    public static Payload Empty => new(ByteString.Empty, null);

    /// <summary>Shows the beginning of the value for a message. What JSON cannot carry is described.</summary>
    public string Shown(int longest)
    {
        var text = new StringBuilder();
        var end = 0;
        foreach (var attachment in Attachments?.Items.TakeWhile(attachment => attachment.At < longest) ?? [])
        {
            text.Append(Encoding.UTF8.GetString(Json.Span[end..(int)attachment.At]));
            text.Append('<').Append(ElementKind.Describe(attachment)).Append('>');
            end = (int)attachment.At + 1;
        }

        text.Append(Encoding.UTF8.GetString(Json.Span[end..Math.Min(Json.Length, Math.Max(longest, end))]));
        return Json.Length <= longest ? text.ToString() : text.Append('…').ToString();
    }
}
