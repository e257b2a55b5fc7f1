namespace Snakepit.Scheduling;

/// <summary>
/// The scheduler's record of one session. The id, key and mode of a session never change and may be read anywhere. Everything else belongs
/// to the scheduler and is read and changed only under the pool's lock.
/// </summary>
internal sealed class SessionEntry(ulong id, string key, AffinityMode mode)
{
    /// <summary>
    /// The id of the session, which is never used twice in a pool. A key can be used again: a session that is opened again under the same
    /// key is a new session with a new id.
    /// </summary>
    public ulong Id => id;

    public string Key => key;

    public AffinityMode Mode => mode;

    /// <summary>The number of the worker that keeps the session's state; 0 before the first call, and after the state was lost.</summary>
    public int Home { get; private set; }

    /// <summary>The number of the session's calls that wait for a worker.</summary>
    public int Waiting { get; private set; }

    /// <summary>The number of the session's calls that run, on the worker that keeps its state or on another worker.</summary>
    public int Running { get; private set; }

    /// <summary>The time at which the session was last used, from which its idle timeout counts.</summary>
    public TimeSpan LastUsed { get; private set; }

    /// <summary>The reason why the state was last lost; null if the state was never lost.</summary>
    public SessionLoss? Loss { get; private set; }

    /// <summary>Whether the session has ended and takes no more calls; <see cref="Loss"/> has the reason.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Records that the session is used now.</summary>
    public void Touch(TimeSpan now) => LastUsed = now;

    /// <summary>Records that a call of the session enters the wait queue.</summary>
    public void BeginWait() => Waiting++;

    /// <summary>
    /// Records that a call of the session leaves the wait queue. The session counts as used until this moment, even if the call was
    /// refused.
    /// </summary>
    public void EndWait(TimeSpan now)
    {
        Waiting--;
        LastUsed = LastUsed < now ? now : LastUsed;
    }

    /// <summary>Records that a worker begins to run a call of the session.</summary>
    public void BeginCall() => Running++;

    /// <summary>Records that a running call of the session has ended, or that the worker which ran the call was lost.</summary>
    public void EndCall(TimeSpan now)
    {
        Running--;
        LastUsed = now;
    }

    /// <summary>Makes this worker the one that keeps the session's state from now on.</summary>
    public void MoveTo(int worker) => Home = worker;

    /// <summary>Records that the state is lost. The session goes on with an empty state on another worker.</summary>
    public void LoseState(SessionLoss reason) => (Home, Loss) = (0, reason);

    /// <summary>Ends the session, so that it takes no more calls.</summary>
    public void End(SessionLoss reason) => (IsOver, Loss) = (true, reason);
}
