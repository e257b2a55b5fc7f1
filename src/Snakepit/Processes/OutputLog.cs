using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// What Python processes print, on its way to the program's logger, which may be slow: whoever reads from the processes does not wait for it.
/// </summary>
internal sealed class OutputLog
{
    // In characters. A logger that is so far behind will not catch up; the newest lines are worth most.
    private const long Most = 4 * 1024 * 1024;
    private const int Overhead = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Channel<(Action<string> Log, string Line, int Weight)> _lines = Channel.CreateUnbounded<(Action<string>, string, int)>();
    private long _weight, _dropped;

    /// <param name="logger">Told how many lines it could not take.</param>
    public OutputLog(ILogger logger) => _ = Task.Run(() => LogAsync(logger));

    /// <summary>Where to put lines that are to be logged so; it never waits.</summary>
    public Action<string> To(Action<string> log) => line =>
    {
        var weight = line.Length + Overhead;
        Interlocked.Add(ref _weight, weight);
        _lines.Writer.TryWrite((log, line, weight));
        while (Volatile.Read(ref _weight) > Most && _lines.Reader.TryRead(out var oldest))
        {
            Drop(oldest);
        }
    };

    /// <summary>Returns when what has been printed so far is logged, or when that takes too long.</summary>
    public Task FlushAsync()
    {
        var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _lines.Writer.TryWrite((_ => logged.SetResult(), "", 0)) ? logged.Task.EndsWithinAsync(Patience) : Task.CompletedTask;
    }

    /// <summary>No more lines will come.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    private void Drop((Action<string> Log, string Line, int Weight) oldest)
    {
        if (oldest.Weight == 0)
        {
            oldest.Log(oldest.Line); // nobody's line, but somebody waits for it
            return;
        }

        Interlocked.Add(ref _weight, -oldest.Weight);
        Interlocked.Increment(ref _dropped);
    }

    private async Task LogAsync(ILogger logger)
    {
        await foreach (var (log, line, weight) in _lines.Reader.ReadAllAsync())
        {
            Interlocked.Add(ref _weight, -weight);
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                logger.LinesDropped(dropped);
            }

            log(line);
        }
    }
}
