using System.Collections.Immutable;

namespace Snakepit.Scheduling;

/// <summary>The part of the pool's decisions that is about workers: their start, replacement and end.</summary>
internal sealed partial class PoolState
{
    /// <summary>Adds a worker whose process is being started.</summary>
    public void Starting(int worker) => _workers.Add(new WorkerEntry(worker, _capacity));

    /// <summary>
    /// Records that a worker has answered its first ping. The returned decisions grant the worker to as many waiting callers as it can
    /// serve at the same time. If another worker waits to be recycled, that old worker takes no more calls from now on: the decisions then
    /// also refuse the callers that waited for the old worker only, and end the old worker if it runs no call.
    /// </summary>
    public ImmutableArray<PoolDecision> Ready(int worker, TimeSpan now)
    {
        if (_workers.Find(worker) is not { } entry)
        {
            return [];
        }

        _starts.WorkerReady();
        entry.BecomeReady(now);
        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        if (_workers.AwaitingSuccessor is { } replaced)
        {
            Recycles++;
            Drain(replaced, SessionLoss.WorkerRecycled, decisions);
        }

        while (GrantNext(entry) is { Action: PoolAction.Grant } grant)
        {
            decisions.Add(grant);
        }

        return decisions.ToImmutable();
    }

    /// <summary>
    /// Begins to recycle a worker, which goes on taking calls until its successor is ready. Returns false if the recycling has to wait,
    /// because another worker is being recycled, this worker is not ready, or the pool is stopping.
    /// </summary>
    /// <returns>Returns true if a successor must be started.</returns>
    public bool Recycle(int worker)
    {
        if (IsStopping || _workers.AwaitingSuccessor is not null || _workers.Find(worker) is not { IsReady: true } entry)
        {
            return false;
        }

        entry.Replace();
        return true;
    }

    /// <summary>
    /// Replaces a worker that will never answer one of its calls. The worker takes no more calls and ends when its other calls have ended.
    /// The decisions refuse callers that waited for this worker only, and end the worker if it runs no other call.
    /// </summary>
    /// <returns>Returns true if a successor must be started.</returns>
    public bool Retire(int worker, out ImmutableArray<PoolDecision> decisions)
    {
        decisions = [];
        if (_workers.Find(worker) is not { } entry)
        {
            return false;
        }

        var startSuccessor = !entry.IsReplaced && !IsStopping;
        if ((entry.IsReady || entry is { IsInterrupted: true, HasStuckCall: false }) && !IsStopping)
        {
            Restarts++; // also if the worker was about to be recycled and its successor is starting already
        }

        entry.AddStuckCall();
        decisions = Drain(entry, SessionLoss.WorkerLost);
        return startSuccessor;
    }

    /// <summary>
    /// Replaces a worker in which a cancelled call was interrupted at an arbitrary point, or must be. The worker takes no more calls and
    /// ends when its calls have ended. The decisions refuse callers that waited for this worker only. Has no effect if the worker takes no
    /// more calls already.
    /// </summary>
    /// <param name="worker">The number of the worker, which still runs the call.</param>
    /// <param name="startSuccessor">Set to true if a successor must be started.</param>
    /// <param name="decisions">The decisions to carry out.</param>
    /// <returns>Returns true if the worker takes no more calls because of this interruption.</returns>
    public bool Interrupt(int worker, out bool startSuccessor, out ImmutableArray<PoolDecision> decisions)
    {
        (startSuccessor, decisions) = (false, []);
        if (IsStopping || _workers.Find(worker) is not { IsReady: true } entry)
        {
            return false;
        }

        startSuccessor = !entry.IsReplaced; // a worker that is about to be recycled has a successor, which is starting
        Interruptions++;
        _starts.WorkerInterrupted();
        entry.Interrupt();
        decisions = Drain(entry, SessionLoss.WorkerInterrupted);
        return true;
    }

    /// <summary>
    /// Returns how many calls that may still be answered run on a worker that takes no more calls. Returns null if the worker takes calls.
    /// </summary>
    public int? LastCallsOf(int worker) => _workers.Find(worker) switch
    {
        null => 0,
        { State: WorkerState.Draining } entry => entry.AnswerableCalls,
        _ => null,
    };

    /// <summary>
    /// Returns how the pool ends this worker; <see cref="WorkerEnding.None"/> if the pool does not end the worker, or does not know it.
    /// </summary>
    public WorkerEnding EndingOf(int worker) => _workers.Find(worker)?.Ending ?? WorkerEnding.None;

    /// <summary>Removes a worker that is gone or cannot be used any more.</summary>
    /// <param name="worker">The number of the worker.</param>
    /// <param name="now">The time at which the worker was lost.</param>
    /// <param name="refused">
    /// Decisions to refuse the callers that waited for this worker only; if the pool has become unavailable, also all callers that waited
    /// for any worker.
    /// </param>
    /// <param name="causedByTemplate">
    /// True if a start failed because the template ended. Such a failure is not counted, because it says nothing about the next start.
    /// </param>
    /// <returns>Returns true if a successor must be started after <see cref="RestartDelay"/>.</returns>
    public bool Lost(int worker, TimeSpan now, out ImmutableArray<PoolDecision> refused, bool causedByTemplate = false)
    {
        refused = [];
        if (_workers.Find(worker) is not { } entry)
        {
            return false;
        }

        _workers.Remove(entry);
        entry.EndAllCalls(now);
        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        GiveUpSessions(entry, SessionLoss.WorkerLost, decisions);
        var isLoss = !IsStopping && !entry.IsReplaced;
        var wasReady = entry.State != WorkerState.Starting;
        if (!IsStopping && entry.IsReplaced && entry.IsReady)
        {
            Restarts++; // the worker was lost while it was about to be recycled and its successor was starting
        }

        if (isLoss && !causedByTemplate)
        {
            Restarts += wasReady ? 1 : 0;
            _starts.WorkerLost(wasReady, entry.ReadyFor(now), now);
        }

        if (IsUnavailable)
        {
            _queues.RefuseShared(PoolAction.RefuseUnavailable, decisions, now);
        }

        refused = decisions.ToImmutable();
        return isLoss;
    }

    /// <summary>Stops the pool: every worker is to be shut down. Returns the waiting callers, all of which must be refused.</summary>
    public ImmutableArray<Waiter> Stop()
    {
        IsStopping = true;
        var refused = ImmutableArray.CreateBuilder<PoolDecision>();
        _queues.RefuseShared(PoolAction.RefuseStopped, refused);
        foreach (var entry in _workers.All)
        {
            _queues.RefusePinned(entry, PoolAction.RefuseStopped, refused);
            entry.ShutDown();
        }

        return [.. refused.Select(decision => decision.Waiter!).OrderBy(waiter => waiter.Ticket)];
    }

    /// <summary>Makes a worker take no more calls. The sessions whose state it keeps lose their state.</summary>
    private ImmutableArray<PoolDecision> Drain(WorkerEntry entry, SessionLoss reason)
    {
        var decisions = ImmutableArray.CreateBuilder<PoolDecision>();
        Drain(entry, reason, decisions);
        return decisions.ToImmutable();
    }

    /// <inheritdoc cref="Drain(WorkerEntry, SessionLoss)"/>
    private void Drain(WorkerEntry entry, SessionLoss reason, ImmutableArray<PoolDecision>.Builder decisions)
    {
        entry.Drain();
        GiveUpSessions(entry, reason, decisions);
        if (EndOf(entry) is { Action: not PoolAction.None } end)
        {
            decisions.Add(end);
        }
    }

    private void GiveUpSessions(WorkerEntry entry, SessionLoss reason, ImmutableArray<PoolDecision>.Builder decisions)
    {
        _sessions.WorkerGone(entry.Id, reason);
        _queues.RefusePinned(entry, PoolAction.RefuseSessionLost, decisions);
    }

    /// <summary>
    /// Decides to end a worker that is being replaced, if it runs no call that it could still answer. When the pool stops, all workers are
    /// asked to exit anyway. But a worker that runs only calls which it will never answer would not do so, and is killed then too.
    /// </summary>
    private PoolDecision EndOf(WorkerEntry entry)
    {
        if (!entry.IsReplaced || entry.AnswerableCalls > 0)
        {
            return default;
        }

        if (entry.HasStuckCall)
        {
            return new PoolDecision(PoolAction.Kill, entry.Id);
        }

        if (IsStopping)
        {
            return default;
        }

        entry.ShutDown();
        return new PoolDecision(PoolAction.ShutDown, entry.Id);
    }
}
