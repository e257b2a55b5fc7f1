using Microsoft.Extensions.Logging;
using Snakepit.Contracts.Exceptions;
using Snakepit.Memory;
using Snakepit.Processes;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Telemetry;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>Watches one worker from its start to its end, and reports to the pool what happens to the worker.</summary>
/// <param name="worker">The worker to watch.</param>
/// <param name="monitor">Checks the worker and decides when the worker is recycled.</param>
/// <param name="heartbeat">Has the monitor check the worker, from the worker's start to its end.</param>
/// <param name="pool">The pool that the worker belongs to.</param>
/// <param name="background">Runs the tasks that watch the worker after its start.</param>
/// <param name="interruption">Decides when a cancelled call may be interrupted, and whether the worker is then replaced.</param>
/// <param name="cancelGrace">The time that a cancelled call may go on in Python before the worker is replaced and killed.</param>
/// <param name="logger">The pool's logger.</param>
internal sealed class SupervisedWorker(
    PythonWorker worker,
    WorkerMonitor monitor,
    Heartbeat heartbeat,
    WorkerPool pool,
    BackgroundWork background,
    InterruptionPolicy interruption,
    TimeSpan cancelGrace,
    ILogger logger) : ICallSupervisor
{
    /// <summary>Starts the worker. The worker takes calls when the returned task completes.</summary>
    /// <exception cref="PoolStartException">The worker cannot be started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        pool.Add(worker);
        heartbeat.Add(monitor);
        try
        {
            await worker.StartAsync(this, cancellationToken).ConfigureAwait(false);
            if (!worker.ReadsMemory && HostMemory.OfProcess.Disable())
            {
                logger.MemoryNotShared(worker.Number);
            }

            if (!pool.Ready(worker))
            {
                await worker.KillAsync().ConfigureAwait(false);
                throw new OperationCanceledException("The pool was stopped while the worker was starting.");
            }
        }
        catch (Exception exception)
        {
            heartbeat.Remove(monitor);
            var limit = StartFailure.OfUnnamedLimit($"Worker {worker.Number}", exception);
            pool.StartFailed(worker, limit ?? exception);
            await worker.DisposeAsync().ConfigureAwait(false);
            if (limit is not null)
            {
                throw limit;
            }

            throw;
        }

        monitor.Ready(Recycle);
        background.Run(WatchAsync);
    }

    /// <summary>Reports that the worker has answered a call. Returns the queued caller that gets the worker next.</summary>
    public INextCaller? CallEnded(PendingCall call, bool interrupted)
    {
        if (interrupted && interruption.ReplacesWorker)
        {
            ReplaceInterrupted(call); // before the worker is returned to the pool, which would give it the next call
        }
        else if (monitor.CallEnded() is { } reason)
        {
            Recycle(reason);
        }

        var next = pool.Return(worker, call.Session, out var sessionIsOver);
        if (sessionIsOver && call.IsHome)
        {
            // The pool told the worker when the session ended. If the worker received that message before the session's first call, the
            // call has created a state for the ended session. So the worker is told again after the call.
            worker.Connection.EndSession(call.Session!);
        }

        return next;
    }

    /// <summary>
    /// Cancels in Python a call whose caller has cancelled or whose time limit has passed. If the call does not end, the worker is replaced
    /// and killed. Until then, the call still occupies the worker's capacity.
    /// </summary>
    public void CallAbandoned(PendingCall call) => background.Run(async () =>
    {
        if (!await worker.Connection.CancelAsync(call, cancelGrace).ConfigureAwait(false))
        {
            logger.CancellationIgnored(worker.Number, call.Tool, cancelGrace);
            pool.Retire(worker);
        }
    });

    /// <summary>Replaces the worker if a cancelled call must be interrupted in it, so that no call begins on it meanwhile.</summary>
    public void NeedsInterruption(PendingCall call)
    {
        if (!interruption.InterruptsAtOnce)
        {
            ReplaceInterrupted(call);
        }
    }

    /// <summary>Decides whether a cancelled call may be interrupted now.</summary>
    public Interruption MayInterrupt(PendingCall call) =>
        interruption.Decide(pool.LastCallsOf(worker), worker.Connection.AbandonedCalls, call.BlocksOthers);

    private void ReplaceInterrupted(PendingCall call)
    {
        if (pool.Interrupt(worker))
        {
            background.Run(() =>
            {
                logger.WorkerInterrupted(worker.Number, call.Tool); // not here: see Recycle
                return Task.CompletedTask;
            });
        }
    }

    private void Recycle(string reason)
    {
        if (pool.Recycle(worker))
        {
            background.Run(() =>
            {
                // Not here: this thread reads frames or checks all workers, and must not wait for a logger.
                logger.WorkerRecycled(worker.Number, reason);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Waits until the worker is gone, and fails the calls that were running on it.</summary>
    private async Task WatchAsync()
    {
        await worker.Gone.ConfigureAwait(false);
        heartbeat.Remove(monitor);
        var (departure, restartDelay) = pool.Remove(worker);
        if (departure == WorkerDeparture.ShutDown)
        {
            await worker.Exited.ConfigureAwait(false); // the shutdown sequence makes sure that the process exits
        }

        var exit = await worker.EndAsync().ConfigureAwait(false);
        worker.Connection.Fail(call => Loss(call, exit));
        var how = exit?.ToString() ?? "its process does not end";
        if (departure == WorkerDeparture.Lost)
        {
            logger.WorkerLost(worker.Number, how, restartDelay);
        }
        else if (departure == WorkerDeparture.LostWhileReplaced)
        {
            logger.WorkerLostWhileReplaced(worker.Number, how);
        }

        await worker.DisposeAsync().ConfigureAwait(false);
    }

    private Exception Loss(PendingCall call, ProcessExit? exit)
    {
        if (background.Stopping.IsCancellationRequested)
        {
            return new PoolStoppedException($"tool '{call.Tool}' was running", hadBegun: true);
        }

        return worker.Connection.Fault is { } fault
            ? new WorkerLostException(worker.Number, exit, $"it broke the protocol while it ran tool '{call.Tool}': {fault.Message}", fault)
            : new WorkerLostException(worker.Number, exit, $"its process ended while it ran tool '{call.Tool}'");
    }
}
