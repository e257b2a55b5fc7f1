using System.Collections.Immutable;
using Snakepit.Scheduling;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>
/// Carries out the decisions of <see cref="PoolState"/>. This class owns the pool's only lock. Under the lock it asks the state for
/// decisions. After it has left the lock, it carries them out: it grants workers to waiting callers or refuses the callers, and has workers
/// ended and their successors started.
/// </summary>
internal sealed partial class WorkerPool : IDisposable
{
    // ObjectDisposedException names the public type, because users do not know this internal class.
    private const string PoolName = "SnakepitPool";

    private readonly TimeProvider _time;
    private readonly TimeSpan _queueTimeout;
    private readonly Action<PythonWorker, PoolAction> _end;
    private readonly Action<TimeSpan> _startSuccessor;
    private readonly Lock _gate = new();
    private readonly PoolState _state;
    private readonly AffinityTable _sessions;
    private readonly Dictionary<int, PythonWorker> _workers = [];
    private readonly long _started, _queueTimeoutTicks;
    private readonly DeadlineTimer _queueDeadlines;
    private Exception? _lastStartFailure;
    private long _queueTime; // the time that all callers together have waited, in ticks of a TimeSpan
    private long _framesOfGoneWorkers;

    /// <param name="options">The options of the pool, of which this class uses the sizes, the limits and the clock.</param>
    /// <param name="end">
    /// Ends a worker, either by <see cref="PoolAction.ShutDown"/> or by <see cref="PoolAction.Kill"/>. Must return without waiting for the
    /// end of the worker.
    /// </param>
    /// <param name="startSuccessor">Starts a worker after a delay. Must return without waiting for the delay.</param>
    public WorkerPool(SnakepitOptions options, Action<PythonWorker, PoolAction> end, Action<TimeSpan> startSuccessor)
    {
        (_time, _queueTimeout, _end, _startSuccessor) = (options.TimeProvider, options.QueueTimeout, end, startSuccessor);
        _sessions = new AffinityTable(options.Sessions.Limit, options.Sessions.IdleTimeout);
        _state = new PoolState(options.Workers, options.MaxConcurrentCallsPerWorker, options.QueueLimit, _sessions);
        _started = _time.GetTimestamp();
        _queueTimeoutTicks = _queueTimeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : (long)(_queueTimeout.TotalSeconds * _time.TimestampFrequency);
        _queueDeadlines = new DeadlineTimer(_time, RefuseOverdue);
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>Takes a snapshot of the pool.</summary>
    /// <param name="calls">The counts of calls, which another class keeps.</param>
    /// <param name="template">The template process that workers are forked from, if any.</param>
    public PoolStatistics Snapshot(CallStatistics calls, TemplateStatistics? template)
    {
        lock (_gate)
        {
            var workers = _state.Workers.Select(one =>
            {
                var worker = _workers[one.Worker];
                return new WorkerStatistics(one.Worker, worker.ProcessId, one.State, one.InFlight, worker.Endpoint)
                {
                    Start = worker.StartTimes,
                    BytesLent = worker.BytesLent,
                    BytesBorrowed = worker.BytesBorrowed,
                };
            });
            return new PoolStatistics
            {
                Workers = [.. workers],
                Health = _state.Health,
                QueueLength = _state.QueueLength,
                Sessions = _sessions.Count,
                Calls = calls,
                Restarts = _state.Restarts,
                Recycles = _state.Recycles,
                Interruptions = _state.Interruptions,
                TotalQueueTime = TimeSpan.FromTicks(Volatile.Read(ref _queueTime)),
                FramesExchanged = _framesOfGoneWorkers + _workers.Values.Sum(worker => worker.Frames),
                Template = template,
            };
        }
    }

    /// <summary>Disposes the timer of the queue timeout. To be called after <see cref="Stop"/>, when no caller waits any more.</summary>
    public void Dispose() => _queueDeadlines.Dispose();

    /// <param name="decisions">The decisions to carry out.</param>
    /// <param name="ended">The worker that one of the decisions ends, if any. See <see cref="EndedBy_NeedsLock"/>.</param>
    private void CarryOut(ImmutableArray<PoolDecision> decisions, PythonWorker? ended = null)
    {
        foreach (var decision in decisions)
        {
            switch (decision.Action)
            {
                case PoolAction.Grant:
                    ((QueuedLease)decision.Waiter!).Grant(decision).Start(inline: false);
                    break;
                case PoolAction.ShutDown or PoolAction.Kill:
                    _end(ended!, decision.Action);
                    break;
                default:
                    Refuse((QueuedLease)decision.Waiter!, decision.Action);
                    break;
            }
        }
    }

    /// <summary>
    /// Returns the worker that one of these decisions ends, if any. The worker must be found before the lock under which the decision was
    /// made is released. Otherwise the worker could be removed in between, and its shutdown sequence would never start.
    /// </summary>
    private PythonWorker? EndedBy_NeedsLock(ImmutableArray<PoolDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            if (decision.Action is PoolAction.ShutDown or PoolAction.Kill)
            {
                return _workers[decision.Worker];
            }
        }

        return null;
    }

    private void Refuse(QueuedLease waiter, PoolAction action)
    {
        Exception reason;
        lock (_gate)
        {
            reason = Refusal_NeedsLock(action, waiter.Session);
        }

        waiter.Refuse(reason);
    }

    private Exception Refusal_NeedsLock(PoolAction action, SessionEntry? session) => action switch
    {
        PoolAction.RefuseSaturated => new PoolSaturatedException(_state.QueueLimit, _state.DesiredWorkers),
        PoolAction.RefuseUnavailable => new PoolUnavailableException(_state.RestartDelay, _lastStartFailure),
        PoolAction.RefuseOverdue => new QueueTimeoutException(_queueTimeout, _state.DesiredWorkers),
        PoolAction.RefuseSessionBusy => new SessionBusyException(session!.Key),
        PoolAction.RefuseSessionLost => new SessionLostException(session!.Key, session.Loss!.Value),
        _ => new ObjectDisposedException(PoolName),
    };
}
