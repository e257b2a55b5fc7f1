using System.Collections.Immutable;
using Snakepit.Scheduling;
using Snakepit.Threading;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>
/// The shell around <see cref="PoolState"/>. It owns the pool's only lock, asks the state for decisions under it, and carries them out
/// outside of it: it grants and refuses waiting callers, and has workers ended and their successors started.
/// </summary>
internal sealed partial class WorkerPool : IDisposable
{
    // The name of the public type, for ObjectDisposedException.
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
    private long _queueTime; // of all callers, in ticks
    private long _framesOfGoneWorkers;

    /// <param name="options">The sizes and limits, and the clock.</param>
    /// <param name="end">Ends a worker: <see cref="PoolAction.ShutDown"/> or <see cref="PoolAction.Kill"/>. Must not wait.</param>
    /// <param name="startSuccessor">Starts a worker after a delay. Must not wait.</param>
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

    /// <summary>A snapshot of the pool.</summary>
    /// <param name="calls">The counts of calls, which are kept elsewhere.</param>
    /// <param name="template">The template that workers are forked from, if any.</param>
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
                TotalQueueTime = TimeSpan.FromTicks(Volatile.Read(ref _queueTime)),
                FramesExchanged = _framesOfGoneWorkers + _workers.Values.Sum(worker => worker.Frames),
                Template = template,
            };
        }
    }

    /// <summary>To be called after <see cref="Stop"/>, when no caller waits any more.</summary>
    public void Dispose() => _queueDeadlines.Dispose();

    /// <param name="decisions">What to do.</param>
    /// <param name="ended">The worker that one of the decisions ends. See <see cref="EndedBy_NeedsLock"/>.</param>
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
    /// The worker that one of these decisions ends, if any. It must be found under the same lock as the decision. Otherwise it could be
    /// removed in between, and whoever waits for its end would wait for a shutdown sequence that never starts.
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
