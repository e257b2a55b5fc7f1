using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Snakepit.Diagnostics;

/// <summary>
/// What workers print, on its way to the program's logger, which may be slow: whoever reads what a template reports, the ends of workers among it,
/// does not wait for that.
/// </summary>
internal sealed class PrintedLines
{
    // A logger that is so many lines behind will not catch up; the newest are worth most.
    private const int Most = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Channel<(int Worker, string Line)> _lines;
    private readonly Task _logging;
    private long _dropped;

    public PrintedLines(ILogger logger)
    {
        _lines = Channel.CreateBounded<(int, string)>(
            new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
        _logging = LogAsync(logger);
    }

    /// <summary>Takes note of a line; never waits.</summary>
    public void Add(int worker, string line) => _lines.Writer.TryWrite((worker, line));

    /// <summary>No more lines will come: returns when all are logged, or when that takes too long.</summary>
    public Task CompleteAsync()
    {
        _lines.Writer.Complete();
        return Task.WhenAny(_logging, Task.Delay(Patience));
    }

    private async Task LogAsync(ILogger logger)
    {
        await Task.Yield(); // whoever adds a line shall not log it
        await foreach (var (worker, line) in _lines.Reader.ReadAllAsync())
        {
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                logger.LinesDropped(dropped);
            }

            logger.WorkerOutput(worker, line);
        }
    }
}
