using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Passes the lines that Python processes print to the application's logger, in the background. A slow logger delays neither the threads
/// that read the output nor the processes.
/// </summary>
internal sealed class OutputLog
{
    // The total weight of the lines that may wait for the logger. A line weighs as much as it has characters, plus LineOverhead. When the
    // limit is exceeded, the oldest lines are dropped, because a logger that is so far behind will not catch up.
    private const long MaxWeight = 4 * 1024 * 1024;
    private const int LineOverhead = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Channel<(Action<string> Log, string Line, int Weight)> _lines =
        Channel.CreateUnbounded<(Action<string>, string, int)>();
    private long _weight, _dropped;

    /// <param name="logger">The logger that reports how many lines were dropped.</param>
    public OutputLog(ILogger logger) => _ = Task.Run(() => LogAsync(logger));

    /// <summary>
    /// Returns a function that accepts lines and never blocks. The lines are passed to <paramref name="log"/> in the background.
    /// </summary>
    public Action<string> To(Action<string> log) => line =>
    {
        var weight = line.Length + LineOverhead;
        Interlocked.Add(ref _weight, weight);
        _lines.Writer.TryWrite((log, line, weight));
        while (Volatile.Read(ref _weight) > MaxWeight && _lines.Reader.TryRead(out var oldest))
        {
            Drop(oldest);
        }
    };

    /// <summary>Completes when all lines that have arrived so far are logged, or when logging takes too long.</summary>
    public Task FlushAsync()
    {
        var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _lines.Writer.TryWrite((_ => logged.SetResult(), "", 0)) ? logged.Task.EndsWithinAsync(Patience) : Task.CompletedTask;
    }

    /// <summary>Ends the log: no more lines will come.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    private void Drop((Action<string> Log, string Line, int Weight) oldest)
    {
        if (oldest.Weight == 0)
        {
            oldest.Log(oldest.Line); // this is no line: it completes the task that FlushAsync has returned
            return;
        }

        Interlocked.Add(ref _weight, -oldest.Weight);
        Interlocked.Increment(ref _dropped);
    }

    private async Task LogAsync(ILogger logger)
    {
        await foreach (var (log, line, weight) in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
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
