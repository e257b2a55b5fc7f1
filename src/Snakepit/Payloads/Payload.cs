using System.Text;
using Google.Protobuf;
using Snakepit.Memory;
using Snakepit.Payloads.Arrays;
using Snakepit.Protocol.V1;

namespace Snakepit.Payloads;

/// <summary>A value as it travels.</summary>
/// <param name="Json">The JSON; empty if there are no arguments.</param>
/// <param name="Attachments">What JSON cannot carry; null if it carries all.</param>
/// <param name="Ranges">The shared memory of the attachments; null if all of them travel in the frame.</param>
internal readonly record struct Payload(ByteString Json, Attachments? Attachments, SharedRanges? Ranges = null)
{
    public static Payload Empty => new(ByteString.Empty, null);

    /// <summary>Returns the attachments as they are sent for a call. Those in shared memory name the call for which it is lent.</summary>
    public Attachments? AttachmentsFor(ulong call)
    {
        if (Ranges is null)
        {
            return Attachments;
        }

        var copies = Attachments!.Clone(); // another worker may still be sent these attachments, for an earlier attempt of the call
        foreach (var attachment in copies.Items.Where(static attachment => attachment.Shared is not null))
        {
            attachment.Shared.Id = call;
        }

        return copies;
    }

    /// <summary>Lets go of the shared memory, after the last use of the value.</summary>
    public void Release() => Ranges?.Dispose();

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
