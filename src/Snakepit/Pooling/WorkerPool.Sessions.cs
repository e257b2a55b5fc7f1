using System.Collections.Immutable;
using Snakepit.Scheduling;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>The part of the pool that opens, ends and expires sessions.</summary>
internal sealed partial class WorkerPool
{
    /// <summary>Returns the open session with this key, or opens a new session.</summary>
    /// <exception cref="SessionLimitException">As many sessions as the limit allows are open.</exception>
    /// <exception cref="ArgumentException">The session is open with another mode.</exception>
    public SessionEntry OpenSession(string key, AffinityMode mode)
    {
        lock (_gate)
        {
            if (_state.IsStopping)
            {
                throw Refusal_NeedsLock(PoolAction.RefuseStopped, session: null);
            }

            return _sessions.Open(key, mode, Now) ?? throw new SessionLimitException(_sessions.Limit);
        }
    }

    /// <summary>
    /// Returns the number of the worker that keeps a session's state, or 0 if no worker keeps it, and the reason why the state was last
    /// lost.
    /// </summary>
    public (int Home, SessionLoss? Loss) StatusOf(SessionEntry session)
    {
        lock (_gate)
        {
            return (session.Home, session.Loss);
        }
    }

    /// <summary>Ends a session, refuses its waiting calls and tells the worker that keeps its state.</summary>
    public void EndSession(SessionEntry session)
    {
        ImmutableArray<PoolDecision> refused;
        PythonWorker? home;
        lock (_gate)
        {
            home = _state.EndSession(session, out refused) ? _workers.GetValueOrDefault(session.Home) : null;
        }

        CarryOut(refused);
        home?.Connection.EndSession(session);
    }

    /// <summary>Ends the sessions that were unused for longer than the idle timeout, and tells the workers that keep their state.</summary>
    public void ExpireSessions()
    {
        (SessionEntry Session, PythonWorker? Home)[] expired;
        lock (_gate)
        {
            expired = [.. _sessions.Expire(Now).Select(session => (session, _workers.GetValueOrDefault(session.Home)))];
        }

        foreach (var (session, home) in expired)
        {
            home?.Connection.EndSession(session);
        }
    }
}
