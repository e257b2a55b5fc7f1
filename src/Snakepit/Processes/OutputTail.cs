using System.Text;

namespace Snakepit.Processes;

/// <summary>
/// Splits the output of a process into lines, logs the lines, and keeps the last lines for messages about the end of the process.
/// </summary>
internal sealed class OutputTail(Action<string> log)
{
    private const int KeptLines = 40;
    private const int LongestLine = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly Unfinished _standardError = new();
    private readonly Unfinished _standardOutput = new();

    /// <summary>The last lines that the process printed, oldest first, including last lines without a line break.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                var begun = from unfinished in Both where unfinished.Text.Length > 0 select unfinished.Text.ToString();
                return [.. _lines, .. begun];
            }
        }
    }

    private Unfinished[] Both => [_standardOutput, _standardError];

    /// <summary>Adds what a process has written to its standard error, which may be the same file as its standard output.</summary>
    public void Add(ReadOnlySpan<byte> text) => Add(text, _standardError);

    /// <summary>
    /// Adds what a process has written to a standard output of its own. Its lines are split apart from those of its standard error, with
    /// which they arrive mixed.
    /// </summary>
    public void AddStandardOutput(ReadOnlySpan<byte> text) => Add(text, _standardOutput);

    private void Add(ReadOnlySpan<byte> text, Unfinished unfinished)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(text.Length)];
        var finished = new List<string>();
        lock (_gate)
        {
            var count = unfinished.Decoder.GetChars(text, characters, flush: false);
            foreach (var character in characters.AsSpan(0, count))
            {
                // The second half of a surrogate pair stays with the first.
                if (character == '\n' || (unfinished.Text.Length >= LongestLine && !char.IsLowSurrogate(character)))
                {
                    finished.Add(FinishLine_NeedsLock(unfinished.Text));
                }

                if (character is not ('\n' or '\r'))
                {
                    unfinished.Text.Append(character);
                }
            }
        }

        finished.ForEach(log);
    }

    /// <summary>Logs last lines that have no line break. To be called when the process has ended.</summary>
    public void Complete()
    {
        List<string> last;
        lock (_gate)
        {
            last = [.. from unfinished in Both where unfinished.Text.Length > 0 select FinishLine_NeedsLock(unfinished.Text)];
        }

        last.ForEach(log);
    }

    private string FinishLine_NeedsLock(StringBuilder unfinished)
    {
        var line = unfinished.ToString();
        unfinished.Clear();
        _lines.Enqueue(line);
        if (_lines.Count > KeptLines)
        {
            _lines.Dequeue();
        }

        return line;
    }

    /// <summary>The line that a stream of bytes has begun, and the state of its decoder.</summary>
    private sealed class Unfinished
    {
        public Decoder Decoder { get; } = Encoding.UTF8.GetDecoder();

        public StringBuilder Text { get; } = new();
    }
}
