using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// Ends a worker in up to three steps: asks it to exit, then sends SIGTERM, then SIGKILL. A worker does nothing on SIGTERM that it does not
/// expect, because a service manager may send it to all processes of a service. So the signal is announced to the worker before.
/// </summary>
/// <param name="drainTimeout">The time that the worker may take to finish its running calls and exit before SIGTERM is sent.</param>
/// <param name="terminateTimeout">The time that the worker may take to exit after SIGTERM before SIGKILL is sent.</param>
/// <param name="time">The clock for both times.</param>
/// <param name="logger">The logger that reports when a signal is needed.</param>
internal sealed class ShutdownSequence(TimeSpan drainTimeout, TimeSpan terminateTimeout, TimeProvider time, ILogger logger)
{
    // The time that the worker may take to answer that it expects SIGTERM. It answers at once, unless its main thread runs native code.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the first step for every worker, as if <c>drainTimeout</c> had passed.</summary>
    public void EndDrain() => _hurry.TrySetResult();

    /// <summary>Runs the steps until the worker's process has ended.</summary>
    public async Task RunAsync(PythonWorker worker)
    {
        worker.Connection.Drain();
        var began = time.GetTimestamp();
        await Task.WhenAny(worker.Exited, _hurry.Task).EndsWithinAsync(drainTimeout, time).ConfigureAwait(false);
        if (worker.Exited.IsCompleted)
        {
            return;
        }

        logger.StopsByForce(worker.Number, _hurry.Task.IsCompleted ? time.GetElapsedTime(began) : drainTimeout, "SIGTERM");
        var patience = terminateTimeout < AnswerGrace ? terminateTimeout : AnswerGrace;
        var expects = await worker.Connection.AnnounceSigtermAsync(patience).ConfigureAwait(false);
        worker.Signal(Signals.Terminate); // also reaches the programs that tools have started
        if (expects && await worker.Exited.EndsWithinAsync(terminateTimeout, time).ConfigureAwait(false))
        {
            return;
        }

        logger.StopsByForce(worker.Number, expects ? terminateTimeout : patience, "SIGKILL");
        worker.Signal(Signals.Kill);
        await worker.Exited.ConfigureAwait(false);
    }
}
