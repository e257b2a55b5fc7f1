using System.Collections.Immutable;
using CsCheck;
using Snakepit.Scheduling;
using Session = Snakepit.Scheduling.SessionEntry;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests the state of a pool with thousands of random sequences of events. After each event, the state must agree with a simple model and
/// obey the rules of the pool, for example that no call waits while an idle worker could run it.
/// </summary>
public sealed class PoolInvariants
{
    private enum Happening { Request, Return, GiveUp, Overdue, Ready, Lose, Recycle, Retire, Interrupt, EndSession, Stop }

    private static readonly Gen<(Happening What, int Which, int Session)[]> Histories = Gen.Select(
        Gen.Frequency(
            (10, Gen.Const(Happening.Request)),
            (9, Gen.Const(Happening.Return)),
            (2, Gen.Const(Happening.GiveUp)),
            (1, Gen.Const(Happening.Overdue)),
            (4, Gen.Const(Happening.Ready)),
            (1, Gen.Const(Happening.Lose)),
            (1, Gen.Const(Happening.Recycle)),
            (1, Gen.Const(Happening.Retire)),
            (1, Gen.Const(Happening.Interrupt)),
            (1, Gen.Const(Happening.EndSession))),
        Gen.Int[0, 1_000],
        Gen.Int[0, 9]).Array[0, 150];

    [Fact]
    public void No_sequence_of_events_breaks_the_rules_of_the_pool() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 6], Histories, Gen.Int[0, 250])
            .Sample((workers, capacity, queueLimit, history, stopAt) =>
            {
                var replay = new Replay(workers, capacity, queueLimit);
                foreach (var (index, (what, which, session)) in history.Index())
                {
                    replay.Take(index == stopAt ? Happening.Stop : what, which, session);
                    replay.Check();
                }
            }, iter: 4_000);

    /// <summary>
    /// Applies events to the state of a pool, carries out the decisions of the pool, and keeps a model to compare the state with. The model
    /// consists of the workers that are starting (<c>_starting</c>), the sessions of the calls that run on each worker (<c>_running</c>),
    /// the number of these calls that ignore their cancellation (<c>_stuck</c>), the workers that have a successor already
    /// (<c>_outgoing</c>), the workers that the pool has shut down or killed (<c>_ended</c>), and the queue (<c>_waiting</c>).
    /// </summary>
    private sealed class Replay
    {
        private static readonly AffinityMode[] Modes = Enum.GetValues<AffinityMode>();

        private readonly int _desired, _capacity, _queueLimit;
        private readonly AffinityTable _table = new(limit: 10, Timeout.InfiniteTimeSpan);
        private readonly PoolState _state;
        private readonly HashSet<int> _starting = [];
        private readonly Dictionary<int, List<Session?>> _running = [];
        private readonly Dictionary<int, int> _stuck = [];
        private readonly HashSet<int> _outgoing = [];
        private readonly HashSet<int> _ended = [];
        private readonly List<Waiter> _waiting = [];
        private readonly Session?[] _sessions = new Session?[6];
        private TimeSpan _now;
        private int _lastWorker;
        private bool _stopped;

        public Replay(int desired, int capacity, int queueLimit)
        {
            (_desired, _capacity, _queueLimit) = (desired, capacity, queueLimit);
            _state = new PoolState(desired, capacity, queueLimit, _table);
            for (var worker = 0; worker < desired; worker++)
            {
                Start();
            }
        }

        public void Take(Happening what, int which, int session)
        {
            _now += TimeSpan.FromMilliseconds(which);
            var ready = _running.Keys.ToArray();
            switch (what)
            {
                case Happening.Request:
                    Request(session < _sessions.Length ? Open(session) : null);
                    break;
                case Happening.Return when ready.Where(one => _running[one].Count > _stuck[one]).ToArray() is { Length: > 0 } busy:
                    var returned = busy[which % busy.Length];
                    var done = _running[returned][0];
                    _running[returned].RemoveAt(0);
                    Obey([_state.Return(returned, done, _now)]);
                    break;
                case Happening.GiveUp when _waiting.Count > 0:
                    var leaving = _waiting[which % _waiting.Count];
                    _waiting.Remove(leaving);
                    Assert.True(_state.Abandon(leaving, default));
                    Assert.False(_state.Abandon(leaving, default));
                    break;
                case Happening.Overdue:
                    var since = _now.Ticks - (which * TimeSpan.TicksPerMillisecond * 4);
                    var late = _waiting.Where(waiter => waiter.Since <= since).ToList();
                    Assert.Equal(late, _state.Overdue(since, default, out var oldest).Select(decision => decision.Waiter));
                    _waiting.RemoveAll(late.Contains);
                    Assert.Equal(_waiting.Select(waiter => waiter.Since).DefaultIfEmpty(long.MaxValue).Min(), oldest);
                    break;
                case Happening.Ready when !_stopped && _starting.Count > 0:
                    var started = _starting.ElementAt(which % _starting.Count);
                    _starting.Remove(started);
                    (_running[started], _stuck[started]) = ([], 0);
                    Obey(_state.Ready(started, _now));
                    break;
                case Happening.Lose when _starting.Concat(ready).ToArray() is { Length: > 0 } all:
                    Lose(all[which % all.Length]);
                    break;
                case Happening.Recycle when ready.Length > 0:
                    if (_state.Recycle(ready[which % ready.Length]))
                    {
                        Assert.False(_stopped);
                        _outgoing.Add(ready[which % ready.Length]);
                        Start();
                    }

                    break;
                case Happening.Retire when ready.Where(one => _running[one].Count > _stuck[one]).ToArray() is { Length: > 0 } busy:
                    Retire(busy[which % busy.Length]);
                    break;
                case Happening.Interrupt when ready.Where(one => _running[one].Count > 0).ToArray() is { Length: > 0 } busy:
                    Interrupt(busy[which % busy.Length]);
                    break;
                case Happening.EndSession when session < _sessions.Length && _sessions[session] is { } ending:
                    _sessions[session] = null;
                    _state.EndSession(ending, out var refused);
                    Obey(refused);
                    Assert.DoesNotContain(_waiting, waiter => waiter.Session == ending);
                    break;
                case Happening.Stop:
                    Assert.Equal(_waiting, _state.Stop());
                    _waiting.Clear();
                    _stopped = true;
                    break;
                default:
                    break; // the event cannot happen now, for example the end of a call when no call is running
            }
        }

        public void Check()
        {
            Assert.Equal(_waiting.Count, _state.QueueLength);
            Assert.InRange(_state.QueueLength, 0, _queueLimit);
            Assert.Equal(_starting.Concat(_running.Keys).Order(), _state.Workers.Select(worker => worker.Worker).Order());
            var toStay = _starting.Count + _running.Keys.Count(worker => !_outgoing.Contains(worker));
            Assert.True(_stopped || toStay == _desired, $"{toStay} workers are not being replaced, but the pool should have {_desired}");
            foreach (var (worker, state, inFlight) in _state.Workers)
            {
                Assert.InRange(inFlight, 0, _capacity);
                Assert.Equal(_running.GetValueOrDefault(worker)?.Count ?? 0, inFlight);
                Assert.Equal(state == WorkerState.Draining ? inFlight - _stuck[worker] : null, _state.LastCallsOf(worker));
                Assert.True(
                    _stopped || state != WorkerState.Idle || inFlight < _capacity,
                    "a worker counts as idle although it has as many calls as it can take");
                Assert.True(
                    state != WorkerState.Idle || !_waiting.Exists(waiter => MayRunOn(waiter, worker)),
                    "a call waits although an idle worker could run it");
                Assert.True(
                    state != WorkerState.Draining || _stopped || _ended.Contains(worker) == (inFlight == _stuck[worker]),
                    "a retired worker was not ended with its last call, or was ended before it");
            }
        }

        private static bool MayRunOn(Waiter waiter, int worker) =>
            waiter.Session is null or { Home: 0 } or { Mode: AffinityMode.Prefer } || waiter.Session.Home == worker;

        private Session? Open(int index)
        {
            if (_sessions[index] is null or { IsOver: true } && !_stopped)
            {
                _sessions[index] = _table.Open($"session {index}", Modes[index % Modes.Length], _now);
            }

            return _sessions[index];
        }

        private void Start()
        {
            _starting.Add(++_lastWorker);
            _state.Starting(_lastWorker);
        }

        private void Request(Session? session)
        {
            var idle = _state.Workers.Where(one => one.State == WorkerState.Idle).Select(one => one.Worker).ToList();
            var fits = session is null or { Home: 0 } or { Mode: AffinityMode.Prefer } ? idle.Count > 0 : idle.Contains(session.Home);
            var decision = _state.Request(session);
            if (decision.Action == PoolAction.RefuseUnavailable)
            {
                Assert.Empty(_running.Keys.Except(_outgoing));
                return;
            }

            Assert.Equal(
                _stopped ? PoolAction.RefuseStopped
                : session is { IsOver: true } ? PoolAction.RefuseSessionLost
                : fits ? PoolAction.Grant
                : session is { Mode: AffinityMode.FailFast } ? PoolAction.RefuseSessionBusy
                : _waiting.Count < _queueLimit ? PoolAction.Wait
                : PoolAction.RefuseSaturated,
                decision.Action);
            if (decision.Action == PoolAction.Grant)
            {
                Assert.Null(decision.Waiter);
                Run(decision, session);
            }
            else if (decision.Action == PoolAction.Wait)
            {
                _waiting.Add(new Waiter(session, _now.Ticks));
                _state.Enqueue(_waiting[^1]);
            }
        }

        private void Lose(int worker)
        {
            _starting.Remove(worker);
            _running.Remove(worker);
            var isReplacedAlready = _outgoing.Remove(worker);
            var isLoss = _state.Lost(worker, _now, out var refused);
            Assert.Equal(!_stopped && !isReplacedAlready, isLoss);
            Replace(isLoss, refused);
        }

        private void Retire(int worker)
        {
            _stuck[worker]++;
            var startSuccessor = _state.Retire(worker, out var decisions);
            Assert.Equal(_outgoing.Add(worker) && !_stopped, startSuccessor);
            Replace(startSuccessor, decisions);
        }

        private void Interrupt(int worker)
        {
            var tookCalls = _state.Workers.Single(one => one.Worker == worker).State != WorkerState.Draining;
            Assert.Equal(tookCalls, _state.Interrupt(worker, out var startSuccessor, out var decisions));
            Assert.Equal(tookCalls && _outgoing.Add(worker), startSuccessor);
            Replace(startSuccessor, decisions);
        }

        private void Replace(bool startSuccessor, ImmutableArray<PoolDecision> decisions)
        {
            Obey(decisions);
            if (startSuccessor)
            {
                Start();
            }
        }

        private void Obey(ImmutableArray<PoolDecision> decisions)
        {
            foreach (var decision in decisions)
            {
                switch (decision.Action)
                {
                    case PoolAction.None:
                        break;
                    case PoolAction.ShutDown or PoolAction.Kill:
                        Assert.Equal(_stuck[decision.Worker] > 0, decision.Action == PoolAction.Kill);
                        Assert.True(_ended.Add(decision.Worker), "the pool ended a worker twice");
                        break;
                    case PoolAction.Grant:
                        // The pool must grant the worker to the waiter that came first among those whose call may run on this worker.
                        Assert.Same(_waiting.First(waiter => MayRunOn(waiter, decision.Worker)), decision.Waiter);
                        _waiting.Remove(decision.Waiter!);
                        Run(decision, decision.Waiter!.Session);
                        break;
                    default:
                        Assert.True(_waiting.Remove(decision.Waiter!), "the pool refused a waiter that was not in the queue");
                        Assert.True(
                            decision.Action == PoolAction.RefuseSessionLost ? decision.Waiter!.Session is { IsOver: true, Loss: not null }
                            : decision.Action == PoolAction.RefuseUnavailable,
                            decision.Action.ToString());
                        break;
                }
            }
        }

        private void Run(PoolDecision decision, Session? session)
        {
            _running[decision.Worker].Add(session);
            Assert.Equal(session is not null && session.Home == decision.Worker, decision.IsHome);
            Assert.True(
                session is null or { Mode: AffinityMode.Prefer } || decision.IsHome,
                "a call of a session that must stay on its worker runs on another one");
        }
    }
}
