using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>
/// A caller that waits in the queue for a worker. Derived classes say what happens when the caller gets a worker or is refused.
/// <para>
/// A worker becomes free when its answer arrives. The thread that has read the answer then grants the worker to the next caller at once,
/// because that is faster than waking another thread. So <see cref="OnGranted"/> and <see cref="OnRefused"/> may run on a thread that reads
/// frames. They must run no code of the application, which could block that thread. They may send frames, and they complete the
/// application's tasks on the thread pool.
/// </para>
/// </summary>
/// <param name="pool">The pool in whose queue the caller waits.</param>
/// <param name="session">The session that the call belongs to, if any.</param>
/// <param name="since">When the caller began to wait, as a timestamp of the pool's clock.</param>
/// <param name="cancellationToken">
/// The caller's token. The code that creates the lease must call <see cref="Abandon"/> when this token is cancelled.
/// </param>
internal abstract class QueuedLease(WorkerPool pool, SessionEntry? session, long since, CancellationToken cancellationToken)
    : Waiter(session, since), INextCaller
{
    private int _worker;
    private bool _isHome;

    protected WorkerPool Pool => pool;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Records which worker the scheduler has granted to the caller. <see cref="Start"/> then hands the worker over.</summary>
    public QueuedLease Grant(PoolDecision grant)
    {
        (_worker, _isHome) = (grant.Worker, grant.IsHome);
        return this;
    }

    public void Start(bool inline)
    {
        if (inline)
        {
            HandOver();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static lease => lease.HandOver(), this, preferLocal: true);
        }
    }

    /// <summary>Records when the caller enters the queue again. To be called under the pool's lock.</summary>
    public void WaitSince(long now) => Since = now;

    /// <summary>Refuses the caller, which the scheduler has taken out of the queue. The caller gets this exception.</summary>
    public void Refuse(Exception reason)
    {
        OnWaited(pool.CountQueueTime(Since));
        OnRefused(reason);
    }

    /// <summary>
    /// Ends the wait of a caller that has cancelled. Has no effect if the caller was granted a worker or was refused in the meantime.
    /// </summary>
    public void Abandon(Exception reason)
    {
        if (pool.Abandon(this))
        {
            Refuse(reason);
        }
    }

    /// <summary>Called when the caller does not wait any more, before it learns whether it gets a worker.</summary>
    protected virtual void OnWaited(TimeSpan queueTime)
    {
    }

    /// <summary>Called when the caller gets a worker.</summary>
    protected abstract void OnGranted(WorkerLease lease);

    /// <summary>Called when the caller gets no worker.</summary>
    protected abstract void OnRefused(Exception reason);

    private void HandOver()
    {
        OnWaited(pool.CountQueueTime(Since));
        try
        {
            if (pool.Find(_worker) is { } worker)
            {
                OnGranted(new WorkerLease(worker, _isHome));
            }
            else
            {
                AskAgain();
            }
        }
        catch (Exception exception)
        {
            OnRefused(exception);
        }
    }

    /// <summary>Asks for another worker, because the granted worker was lost before the caller could use it.</summary>
    private void AskAgain()
    {
        if (pool.LeaseAgain(this) is { } lease)
        {
            OnGranted(lease);
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            // The caller may have cancelled while it was outside of the queue, where Abandon has no effect.
            Abandon(new OperationCanceledException(cancellationToken));
        }
    }
}
