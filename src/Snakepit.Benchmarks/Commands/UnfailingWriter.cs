using System.Text;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// Passes text on until that fails for the first time, because the terminal is gone or the disk behind a redirection is full. What was
/// measured is then still judged and saved.
/// </summary>
internal sealed class UnfailingWriter(TextWriter inner) : TextWriter
{
    /// <summary>Whether text was lost.</summary>
    public bool HasFailed { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (HasFailed)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            HasFailed = true;
        }
    }
}
