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
        if (await worker.Exited.EndsWithinAsync(options.DrainTimeout, options.TimeProvider))
        {
            return;
        }

        logger.StopsByForce(worker.Number, options.DrainTimeout, "SIGTERM");
        worker.Signal(Signals.Terminate);
        if (await worker.Exited.EndsWithinAsync(options.TerminateTimeout, options.TimeProvider))
        {
            return;
        }

        logger.StopsByForce(worker.Number, options.TerminateTimeout, "SIGKILL");
        worker.Signal(Signals.Kill);
        await worker.Exited;
    }
}
