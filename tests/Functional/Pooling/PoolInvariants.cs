using CsCheck;
using Snakepit.Pooling;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Whatever happens, in whatever order.</summary>
public sealed class PoolInvariants
{
    private enum Happening
    {
        Request,
        Return,
        GiveUp,
        Start,
        Ready,
        Lose,
        Stop,
    }

    private static readonly Gen<(Happening What, int Which)[]> Histories = Gen.Select(
        Gen.Frequency((8, Gen.Const(Happening.Request)), (8, Gen.Const(Happening.Return)), (2, Gen.Const(Happening.GiveUp)),
            (2, Gen.Const(Happening.Start)), (4, Gen.Const(Happening.Ready)), (1, Gen.Const(Happening.Lose))),
        Gen.Int[0, 1_000]).Array[0, 120];

    [Fact]
    public void No_history_breaks_the_pool() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 6], Histories, Gen.Int[0, 120])
        .Sample((workers, capacity, queueLimit, history, stopAt) =>
        {
            var replay = new Replay(workers, capacity, queueLimit);
            foreach (var (index, (what, which)) in history.Index())
            {
                replay.Take(index == stopAt ? Happening.Stop : what, which);
                replay.Check();
            }
        }, iter: 2_000);

    /// <summary>Plays a history to a pool and keeps a simple model of what must be so.</summary>
    private sealed class Replay(int workers, int capacity, int queueLimit)
    {
        private readonly PoolState _state = new(workers, capacity, queueLimit);
        private readonly List<int> _starting = [];
        private readonly Dictionary<int, int> _ready = [];
        private readonly List<Waiter> _waiting = [];
        private readonly HashSet<Waiter> _granted = [];
        private TimeSpan _now;
        private int _lastWorker;
        private bool _stopped;

        public void Take(Happening what, int which)
        {
            _now += TimeSpan.FromMilliseconds(which);
            switch (what)
            {
                case Happening.Request:
                    Request();
                    break;
                case Happening.Return when Busy() is { Length: > 0 } busy:
                    var returned = busy[which % busy.Length];
                    _ready[returned]--;
                    Granted(_state.Return(returned));
                    break;
                case Happening.GiveUp when _waiting.Count > 0:
                    var leaving = _waiting[which % _waiting.Count];
                    _waiting.Remove(leaving);
                    Assert.True(_state.Abandon(leaving));
                    Assert.False(_state.Abandon(leaving));
                    break;
                case Happening.Start when !_stopped && _starting.Count + _ready.Count < workers:
                    _starting.Add(++_lastWorker);
                    _state.Starting(_lastWorker);
                    break;
                case Happening.Ready when !_stopped && _starting.Count > 0:
                    var ready = _starting[which % _starting.Count];
                    _starting.Remove(ready);
                    _ready[ready] = 0;
                    foreach (var grant in _state.Ready(ready, _now))
                    {
                        Granted(grant);
                    }

                    break;
                case Happening.Lose when _starting.Concat(_ready.Keys).ToArray() is { Length: > 0 } all:
                    var lost = all[which % all.Length];
                    _starting.Remove(lost);
                    _ready.Remove(lost);
                    Assert.Equal(!_stopped, _state.Lost(lost, _now));
                    break;
                case Happening.Stop:
                    Assert.Equal(_waiting, _state.Stop());
                    _waiting.Clear();
                    _stopped = true;
                    break;
                default:
                    break; // nothing to do it to
            }
        }

        public void Check()
        {
            Assert.Equal(_waiting.Count, _state.QueueLength);
            Assert.InRange(_state.QueueLength, 0, queueLimit);
            Assert.Equal(_starting.Concat(_ready.Keys).Order(), _state.Workers.Select(worker => worker.Worker).Order());
            foreach (var (worker, state, inFlight) in _state.Workers)
            {
                Assert.InRange(inFlight, 0, capacity);
                Assert.Equal(_ready.GetValueOrDefault(worker), inFlight);
                Assert.True(_waiting.Count == 0 || state != WorkerState.Idle, "somebody waits while a worker is idle");
                Assert.True(_stopped || state != WorkerState.Idle || inFlight < capacity, "an idle worker is full");
            }
        }

        private void Request()
        {
            var free = _ready.Values.Any(inFlight => inFlight < capacity);
            var decision = _state.Request();
            var expected = _stopped ? PoolAction.RefuseStopped
                : free ? PoolAction.Grant
                : _waiting.Count < queueLimit ? PoolAction.Wait
                : PoolAction.RefuseSaturated;
            Assert.Equal(expected, decision.Action);
            if (decision.Action == PoolAction.Grant)
            {
                Assert.Null(decision.Waiter);
                _ready[decision.Worker]++;
            }
            else if (decision.Action == PoolAction.Wait)
            {
                _waiting.Add(new Waiter());
                _state.Enqueue(_waiting[^1]);
            }
        }

        private void Granted(PoolDecision decision)
        {
            if (decision.Action == PoolAction.None)
            {
                return;
            }

            Assert.Equal(PoolAction.Grant, decision.Action);
            Assert.Same(_waiting[0], decision.Waiter); // first come, first served
            _waiting.RemoveAt(0);
            Assert.True(_granted.Add(decision.Waiter!), "a waiter is granted twice");
            _ready[decision.Worker]++;
        }

        private int[] Busy() => [.. _ready.Where(worker => worker.Value > 0).Select(worker => worker.Key)];
    }
}
