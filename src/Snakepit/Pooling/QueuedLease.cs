using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>
/// A caller in the wait queue, and what happens when its turn comes.
/// <para>
/// A slot becomes free when an answer arrives, and the thread that has read the answer grants the slot to the next caller at once, because
/// that is faster than waking another thread. So <see cref="OnGranted"/> and <see cref="OnRefused"/> may run on a thread that reads
/// frames. They must run no code of the application, which could block that thread: they send frames, and complete what the application
/// awaits on the thread pool.
/// </para>
/// </summary>
/// <param name="pool">The pool whose queue it is.</param>
/// <param name="session">The session that the call belongs to, if any.</param>
/// <param name="since">When the caller began to wait, as a timestamp of the pool's clock.</param>
/// <param name="cancellationToken">The caller's token. Whoever creates the lease calls <see cref="Abandon"/> when it is cancelled.</param>
internal abstract class QueuedLease(WorkerPool pool, SessionEntry? session, long since, CancellationToken cancellationToken)
    : Waiter(session, since), INextCaller
{
    private int _worker;
    private bool _isHome;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Records which worker the scheduler has granted. <see cref="Start"/> then hands it over.</summary>
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

    /// <summary>The caller enters the queue again. Called under the pool's lock.</summary>
    public void WaitSince(long now) => Since = now;

    /// <summary>The scheduler has taken the caller out of the queue, and it gets this exception.</summary>
    public void Refuse(Exception reason)
    {
        pool.CountQueueTime(Since);
        OnRefused(reason);
    }

    /// <summary>The caller gives up. Nothing happens if it has been granted a worker or was refused in the meantime.</summary>
    public void Abandon(Exception reason)
    {
        if (pool.Abandon(this))
        {
            Refuse(reason);
        }
    }

    /// <summary>The caller has got a worker.</summary>
    protected abstract void OnGranted(WorkerLease lease);

    /// <summary>The caller gets no worker.</summary>
    protected abstract void OnRefused(Exception reason);

    private void HandOver()
    {
        pool.CountQueueTime(Since);
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

    /// <summary>The worker was lost between the grant and now, so the caller asks for another one.</summary>
    private void AskAgain()
    {
        if (pool.LeaseAgain(this) is { } lease)
        {
            OnGranted(lease);
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            // The caller may have given up while it was outside of the queue, where Abandon has no effect.
            Abandon(new OperationCanceledException(cancellationToken));
        }
    }
}
