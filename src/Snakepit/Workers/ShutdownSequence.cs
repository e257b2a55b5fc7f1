using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>Ends a worker: asks it to exit, then sends SIGTERM, then SIGKILL.</summary>
/// <param name="drainTimeout">How long its running calls may take to end.</param>
/// <param name="terminateTimeout">How long it may take to exit after SIGTERM.</param>
/// <param name="time">The clock for both.</param>
/// <param name="logger">Told when a signal is needed.</param>
internal sealed class ShutdownSequence(TimeSpan drainTimeout, TimeSpan terminateTimeout, TimeProvider time, ILogger logger)
{
    /// <summary>Returns when the worker's process has ended.</summary>
    public async Task RunAsync(PythonWorker worker)
    {
        worker.Connection.Drain();
        if (await worker.Exited.EndsWithinAsync(drainTimeout, time))
        {
            return;
        }

        logger.StopsByForce(worker.Number, drainTimeout, "SIGTERM");
        worker.Signal(Signals.Terminate);
        if (await worker.Exited.EndsWithinAsync(terminateTimeout, time))
        {
            return;
        }

        logger.StopsByForce(worker.Number, terminateTimeout, "SIGKILL");
        worker.Signal(Signals.Kill);
        await worker.Exited;
    }
}
