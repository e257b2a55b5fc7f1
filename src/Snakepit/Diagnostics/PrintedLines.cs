using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Snakepit.Diagnostics;

/// <summary>
/// What Python processes print, on its way to the program's logger, which may be slow: whoever reads from the processes does not wait for it.
/// </summary>
internal sealed class PrintedLines
{
    // In characters. A logger that is so far behind will not catch up; the newest lines are worth most.
    private const long Most = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Channel<(Action<string> Log, string Line)> _lines = Channel.CreateUnbounded<(Action<string>, string)>();
    private long _characters, _dropped;

    /// <param name="logger">Told how many lines it could not take.</param>
    public PrintedLines(ILogger logger) => _ = LogAsync(logger);

    /// <summary>Where to put lines that are to be logged so; it never waits.</summary>
    public Action<string> To(Action<string> log) => line =>
    {
        if (Interlocked.Add(ref _characters, Weight(line)) > Most && _lines.Reader.TryRead(out var oldest))
        {
            Interlocked.Add(ref _characters, -Weight(oldest.Line));
            Interlocked.Increment(ref _dropped);
        }

        _lines.Writer.TryWrite((log, line));
    };

    /// <summary>Returns when what has been printed so far is logged, or when that takes too long.</summary>
    public Task FlushAsync()
    {
        var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lines.Writer.TryWrite((_ => logged.SetResult(), ""));
        return Task.WhenAny(logged.Task, Task.Delay(Patience));
    }

    /// <summary>No more lines will come.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    private static int Weight(string line) => line.Length + 32;

    private async Task LogAsync(ILogger logger)
    {
        await Task.Yield(); // whoever prints a line shall not log it
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var next))
            {
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                {
                    logger.LinesDropped(dropped);
                }

                Interlocked.Add(ref _characters, -Weight(next.Line));
                next.Log(next.Line);
            }
        }
    }
}
