using Microsoft.Extensions.Logging;
using Snakepit.Diagnostics;
using Snakepit.Processes;

namespace Snakepit.Workers;

/// <summary>Drain, then SIGTERM, then SIGKILL, each with its own grace.</summary>
internal static class StopLadder
{
    /// <summary>Returns when the worker's process has ended.</summary>
    public static async Task DescendAsync(Worker worker, SnakepitOptions options, ILogger logger)
    {
        worker.Drain();
        if (await EndsWithinAsync(options.DrainTimeout))
        {
            return;
        }

        logger.StopsByForce(worker.Number, options.DrainTimeout, "SIGTERM");
        worker.Signal(Signals.Terminate);
        if (await EndsWithinAsync(options.TerminateTimeout))
        {
            return;
        }

        logger.StopsByForce(worker.Number, options.TerminateTimeout, "SIGKILL");
        worker.Signal(Signals.Kill);
        await worker.Exited;

        async Task<bool> EndsWithinAsync(TimeSpan patience)
        {
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(worker.Exited, Task.Delay(patience, options.TimeProvider, enough.Token));
            await enough.CancelAsync();
            return worker.Exited.IsCompleted;
        }
    }
}
