using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>Drain, then SIGTERM, then SIGKILL, each with its own grace.</summary>
internal static class ShutdownSequence
{
    /// <summary>Returns when the worker's process has ended.</summary>
    public static async Task RunAsync(PythonWorker worker, SnakepitOptions options, ILogger logger)
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
