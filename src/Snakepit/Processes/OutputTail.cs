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
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _unfinished = new();

    /// <summary>The last lines that the process printed, oldest first, including a last line without a line break.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return _unfinished.Length == 0 ? [.. _lines] : [.. _lines, _unfinished.ToString()];
            }
        }
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(text.Length)];
        var finished = new List<string>();
        lock (_gate)
        {
            var count = _decoder.GetChars(text, characters, flush: false);
            foreach (var character in characters.AsSpan(0, count))
            {
                if (character == '\n' || _unfinished.Length == LongestLine)
                {
                    finished.Add(FinishLine_NeedsLock());
                }

                if (character is not ('\n' or '\r'))
                {
                    _unfinished.Append(character);
                }
            }
        }

        finished.ForEach(log);
    }

    /// <summary>Logs the last line if it has no line break. To be called when the process has ended.</summary>
    public void Complete()
    {
        string? last = null;
        lock (_gate)
        {
            if (_unfinished.Length > 0)
            {
                last = FinishLine_NeedsLock();
            }
        }

        if (last is not null)
        {
            log(last);
        }
    }

    private string FinishLine_NeedsLock()
    {
        var line = _unfinished.ToString();
        _unfinished.Clear();
        _lines.Enqueue(line);
        if (_lines.Count > KeptLines)
        {
            _lines.Dequeue();
        }

        return line;
    }
}
