using System.Collections.Immutable;

namespace Snakepit.Scheduling;

/// <summary>The part of the decisions that is about workers: their start, replacement and end.</summary>
internal sealed partial class PoolState
{
    /// <summary>A worker's process is being started.</summary>
    public void Starting(int worker) => _workers.Add(new WorkerEntry(worker, _capacity));

    /// <summary>
    /// A worker has answered its first ping. The decisions give it as many waiting calls as it takes at once, and end the worker that it
    /// replaces if that one runs nothing.
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
    /// A worker should be recycled: it goes on taking calls until its successor is ready. False if that has to wait, because another
    /// worker is being recycled or this one is not ready, or because the pool is stopping.
    /// </summary>
    /// <returns>True if a successor must be started.</returns>
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
    /// A worker will never answer one of its calls. It takes no more calls and ends when its other calls have ended. The decisions refuse
    /// callers who waited for this worker only, and end the worker if it runs no other call.
    /// </summary>
    /// <returns>True if a successor must be started.</returns>
    public bool Retire(int worker, out ImmutableArray<PoolDecision> decisions)
    {
        decisions = [];
        if (_workers.Find(worker) is not { } entry)
        {
            return false;
        }

        var startSuccessor = !entry.IsReplaced && !IsStopping;
        if (entry.IsReady && !IsStopping)
        {
            Restarts++; // also if the worker was about to be recycled and its successor is starting
        }

        entry.AddStuckCall();
        var made = ImmutableArray.CreateBuilder<PoolDecision>();
        Drain(entry, SessionLoss.WorkerLost, made);
        decisions = made.ToImmutable();
        return startSuccessor;
    }

    /// <summary>How the pool ends this worker; <see cref="WorkerEnding.None"/> if it does not, or does not know the worker.</summary>
    public WorkerEnding EndingOf(int worker) => _workers.Find(worker)?.Ending ?? WorkerEnding.None;

    /// <summary>A worker is gone, or cannot be used any more.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="now">When it was lost.</param>
    /// <param name="refused">The callers who waited for this worker only; and if the pool has become unavailable, all others.</param>
    /// <param name="causedByTemplate">True if a start failed because the template ended. It says nothing about the next start.</param>
    /// <returns>True if a successor must be started, after <see cref="RestartDelay"/>.</returns>
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
            Restarts++; // the worker was about to be recycled, and its successor is starting
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

    /// <summary>The pool stops: every worker is to be shut down. Returns the waiting callers, all of whom must be refused.</summary>
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

    /// <summary>A worker takes no more calls. Its sessions lose their state.</summary>
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
    /// Ends a retired worker if it runs nothing that it could still answer. When the pool stops, all workers are shut down anyway.
    /// </summary>
    private PoolDecision EndOf(WorkerEntry entry)
    {
        if (!entry.IsReplaced || IsStopping || !entry.HasOnlyStuckCalls)
        {
            return default;
        }

        if (entry.Ending == WorkerEnding.Kill)
        {
            return new PoolDecision(PoolAction.Kill, entry.Id);
        }

        entry.ShutDown();
        return new PoolDecision(PoolAction.ShutDown, entry.Id);
    }
}
