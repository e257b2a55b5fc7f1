namespace Snakepit.Scheduling;

/// <summary>The open sessions by key, and what ends them. No clock, no I/O, no lock.</summary>
internal sealed class AffinityTable(int limit, TimeSpan idleTimeout)
{
    private readonly Dictionary<string, SessionEntry> _open = new(StringComparer.Ordinal);
    private ulong _lastId;

    public int Count => _open.Count;

    public int Limit => limit;

    /// <summary>The session of that key, opened if it is not; null if too many are open.</summary>
    /// <exception cref="ArgumentException">It is open with another mode.</exception>
    public SessionEntry? Open(string key, AffinityMode mode, TimeSpan now)
    {
        if (_open.TryGetValue(key, out var session))
        {
            if (session.Mode != mode)
            {
                throw new ArgumentException(
                    $"Session '{key}' is open with {nameof(AffinityMode)}.{session.Mode}; it cannot be opened with {nameof(AffinityMode)}.{mode} as well.",
                    nameof(mode));
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

        session.LastUsed = now;
        return session;
    }

    /// <summary>Ends a session; false if it is over already.</summary>
    public bool End(SessionEntry session, SessionLoss reason)
    {
        if (session.IsOver)
        {
            return false;
        }

        _open.Remove(session.Key);
        session.IsOver = true;
        session.Loss = reason;
        return true;
    }

    /// <summary>Ends the sessions that nobody has used for too long, and returns them.</summary>
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
    /// A worker has gone, and with it the state of its sessions: those that only prefer it begin anew elsewhere, the others are over.
    /// </summary>
    public void WorkerGone(int worker, SessionLoss reason)
    {
        foreach (var session in _open.Values.Where(session => session.Home == worker).ToList())
        {
            if (session.Mode == AffinityMode.Prefer)
            {
                (session.Home, session.Loss) = (0, reason);
            }
            else
            {
                End(session, reason);
            }
        }
    }
}
