namespace Snakepit.Scheduling;

/// <summary>
/// The table of open sessions by key. It opens sessions, and ends sessions that expire or lose their worker. It uses no clock, no I/O and
/// no lock: callers pass the time and hold the pool's lock.
/// </summary>
internal sealed class AffinityTable(int limit, TimeSpan idleTimeout)
{
    private readonly Dictionary<string, SessionEntry> _open = new(StringComparer.Ordinal);
    private ulong _lastId;

    public int Count => _open.Count;

    public int Limit => limit;

    /// <summary>
    /// Returns the open session with this key, or opens a new session. Returns null if the limit of open sessions is reached.
    /// </summary>
    /// <exception cref="ArgumentException">The session is open with another mode.</exception>
    public SessionEntry? Open(string key, AffinityMode mode, TimeSpan now)
    {
        if (_open.TryGetValue(key, out var session))
        {
            if (session.Mode != mode)
            {
                throw new ArgumentException(
                    $"Session '{key}' is open with {nameof(AffinityMode)}.{session.Mode}; "
                    + $"it cannot be opened with {nameof(AffinityMode)}.{mode} as well.", nameof(mode));
            }
        }
        else if (_open.Count >= limit)
        {
            return null;
        }
        else
        {
            _open.Add(key, session = new SessionEntry(++_lastId, key, mode));
        }

        session.Touch(now);
        return session;
    }

    /// <summary>Ends a session. Returns false if the session had already ended.</summary>
    public bool End(SessionEntry session, SessionLoss reason)
    {
        if (session.IsOver)
        {
            return false;
        }

        _open.Remove(session.Key);
        session.End(reason);
        return true;
    }

    /// <summary>Ends the sessions that were unused for longer than the idle timeout, and returns them.</summary>
    public IReadOnlyList<SessionEntry> Expire(TimeSpan now)
    {
        if (idleTimeout == Timeout.InfiniteTimeSpan)
        {
            return [];
        }

        var idle = _open.Values.Where(session => session is { Waiting: 0, Running: 0 } && now - session.LastUsed >= idleTimeout).ToList();
        idle.ForEach(session => End(session, SessionLoss.Expired));
        return idle;
    }

    /// <summary>
    /// Records that a worker is gone, and with it the state of the sessions that it kept. Sessions with <see cref="AffinityMode.Prefer"/>
    /// go on with an empty state on another worker. All other sessions end.
    /// </summary>
    public void WorkerGone(int worker, SessionLoss reason)
    {
        foreach (var session in _open.Values.Where(session => session.Home == worker).ToList())
        {
            if (session.Mode == AffinityMode.Prefer)
            {
                session.LoseState(reason);
            }
            else
            {
                End(session, reason);
            }
        }
    }
}
