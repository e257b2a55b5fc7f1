using System.Text;

namespace Snakepit.Processes;

/// <summary>
/// Splits what a process prints into lines, logs them, and keeps the last ones for messages about the end of the process.
/// </summary>
internal sealed class OutputTail(Action<string> log)
{
    private const int KeptLines = 40;
    private const int LongestLine = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _unfinished = new();

    /// <summary>The last lines, oldest first, including an unfinished one.</summary>
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

    /// <summary>The process has ended: logs the last line if it has no line break.</summary>
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
