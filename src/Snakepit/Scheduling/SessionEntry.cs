namespace Snakepit.Scheduling;

/// <summary>
/// One session as the scheduler knows it. Its id, key and mode never change and may be read anywhere. Everything else belongs to the
/// scheduler and is read and changed under the pool's lock only.
/// </summary>
internal sealed class SessionEntry(ulong id, string key, AffinityMode mode)
{
    /// <summary>Never used twice in a pool. A key may be: a session that is opened again under the same key is a new session.</summary>
    public ulong Id => id;

    public string Key => key;

    public AffinityMode Mode => mode;

    /// <summary>The worker that keeps the session's state; 0 before the first call, and after the state was lost.</summary>
    public int Home { get; private set; }

    /// <summary>Calls that wait for a worker.</summary>
    public int Waiting { get; private set; }

    /// <summary>Calls that a worker runs, on the home worker or elsewhere.</summary>
    public int Running { get; private set; }

    /// <summary>When the session was last used, for its idle timeout.</summary>
    public TimeSpan LastUsed { get; private set; }

    /// <summary>Why the state was last lost; null if it never was.</summary>
    public SessionLoss? Loss { get; private set; }

    /// <summary>True once the session takes no more calls; <see cref="Loss"/> has the reason.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The session is used now.</summary>
    public void Touch(TimeSpan now) => LastUsed = now;

    /// <summary>A call of the session enters the wait queue.</summary>
    public void BeginWait() => Waiting++;

    /// <summary>A call of the session leaves the wait queue. The session counts as used until then, even if the call was refused.</summary>
    public void EndWait(TimeSpan now)
    {
        Waiting--;
        LastUsed = LastUsed < now ? now : LastUsed;
    }

    /// <summary>A worker runs a call of the session.</summary>
    public void BeginCall() => Running++;

    /// <summary>A call has ended, or its worker was lost.</summary>
    public void EndCall(TimeSpan now)
    {
        Running--;
        LastUsed = now;
    }

    /// <summary>From now on this worker keeps the session's state.</summary>
    public void MoveTo(int worker) => Home = worker;

    /// <summary>The state is lost, and the session goes on with an empty one on another worker.</summary>
    public void LoseState(SessionLoss reason) => (Home, Loss) = (0, reason);

    /// <summary>The session takes no more calls.</summary>
    public void End(SessionLoss reason) => (IsOver, Loss) = (true, reason);
}
