using System.Collections.Immutable;
using Snakepit.Scheduling;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests the decisions of the pool. The tested code reads no clock and starts no process, so the tests need neither.</summary>
public sealed class PoolDecisions
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_call_gets_an_idle_worker()
    {
        var state = With(workers: 1);
        Assert.Equal(new PoolDecision(PoolAction.Grant, 1), state.Request());
        Assert.Equal([(1, WorkerState.Busy, 1)], state.Workers);
    }

    [Fact]
    public void A_lone_caller_gets_the_same_worker_again_and_again()
    {
        var state = With(workers: 3);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1, state.Request().Worker);
            Assert.Equal(PoolAction.None, state.Return(1).Action);
        }
    }

    [Fact]
    public void A_call_goes_to_the_worker_with_the_fewest_calls()
    {
        var state = With(workers: 2, capacity: 2);
        Assert.Equal([1, 2, 1, 2], Enumerable.Range(0, 4).Select(_ => state.Request().Worker));
        Assert.Equal(PoolAction.Wait, state.Request().Action);
        Assert.Equal([(1, WorkerState.Busy, 2), (2, WorkerState.Busy, 2)], state.Workers);
    }

    [Fact]
    public void A_worker_that_is_still_starting_gets_no_call()
    {
        var state = new PoolState(1, capacity: 1, queueLimit: 1);
        state.Starting(1);
        Assert.Equal(PoolAction.Wait, state.Request().Action);
    }

    [Fact]
    public void The_waiter_that_has_waited_longest_is_served_first()
    {
        var state = With(workers: 1);
        state.Request();
        var waiters = Wait(state, 3);
        foreach (var waiter in waiters)
        {
            Assert.Equal(new PoolDecision(PoolAction.Grant, 1, waiter), state.Return(1));
        }

        Assert.Equal(PoolAction.None, state.Return(1).Action);
        Assert.Equal([(1, WorkerState.Idle, 0)], state.Workers);
    }

    [Fact]
    public void A_full_queue_refuses_the_next_call()
    {
        var state = With(workers: 1, queueLimit: 2);
        state.Request();
        var waiters = Wait(state, 2);
        Assert.Equal(PoolAction.RefuseSaturated, state.Request().Action);
        Assert.True(state.Abandon(waiters[0], Now));
        Assert.Equal(PoolAction.Wait, state.Request().Action);
    }

    [Fact]
    public void A_pool_without_a_queue_refuses_a_call_when_all_workers_are_busy()
    {
        var state = With(workers: 1, queueLimit: 0);
        Assert.Equal(PoolAction.Grant, state.Request().Action);
        Assert.Equal(PoolAction.RefuseSaturated, state.Request().Action);
    }

    [Fact]
    public void A_waiter_that_gives_up_is_skipped()
    {
        var state = With(workers: 1);
        state.Request();
        var waiters = Wait(state, 3);
        Assert.True(state.Abandon(waiters[0], Now));
        Assert.True(state.Abandon(waiters[1], Now));
        Assert.Equal(1, state.QueueLength);
        Assert.Same(waiters[2], state.Return(1).Waiter);
    }

    [Fact]
    public void A_waiter_that_has_been_granted_a_worker_can_no_longer_give_up()
    {
        var state = With(workers: 1);
        state.Request();
        var waiter = Wait(state, 1)[0];
        state.Return(1);
        Assert.False(state.Abandon(waiter, Now));
    }

    [Fact]
    public void A_lost_worker_gets_no_more_calls_and_its_late_return_is_ignored()
    {
        var state = With(workers: 2);
        state.Request();
        Assert.True(state.Lost(1, Now, out _));
        Assert.Equal(TimeSpan.Zero, state.RestartDelay);
        Assert.Equal(2, state.Request().Worker);
        Assert.Equal(PoolAction.Wait, state.Request().Action);
        Assert.Equal(PoolAction.None, state.Return(1).Action);
        Assert.Equal([(2, WorkerState.Busy, 1)], state.Workers);
    }

    [Fact]
    public void A_worker_that_is_reported_lost_twice_is_counted_once()
    {
        var state = With(workers: 1);
        Assert.True(state.Lost(1, Now, out _));
        Assert.False(state.Lost(1, Now, out _));
        Assert.Equal(1, state.Restarts);
    }

    [Fact]
    public void Workers_that_keep_dying_early_are_replaced_with_growing_delays()
    {
        var state = new PoolState(1, capacity: 1, queueLimit: 1);
        var delays = Enumerable.Range(1, 4).Select(worker =>
        {
            state.Starting(worker);
            Assert.True(state.Lost(worker, Now + (worker * RestartBackoff.SameCauseWindow), out _));
            return state.RestartDelay;
        }).ToArray();
        Assert.Equal(TimeSpan.Zero, delays[0]);
        Assert.True(TimeSpan.Zero < delays[1] && delays[1] < delays[2] && delays[2] < delays[3]);
    }

    [Fact]
    public void A_worker_that_becomes_ready_serves_as_many_waiters_as_it_can_take()
    {
        var state = new PoolState(1, capacity: 2, queueLimit: 9);
        state.Starting(1);
        var waiters = Wait(state, 3);
        Assert.Equal([(1, waiters[0]), (1, waiters[1])], state.Ready(1, Now).Select(grant => (grant.Worker, grant.Waiter!)));
        Assert.Equal(1, state.QueueLength);
    }

    [Fact]
    public void A_worker_that_was_lost_before_it_was_ready_serves_no_waiter()
    {
        var state = new PoolState(1, capacity: 1, queueLimit: 9);
        state.Starting(1);
        Wait(state, 1);
        state.Lost(1, Now, out _);
        Assert.Empty(state.Ready(1, Now));
        Assert.Equal(1, state.QueueLength);
    }

    [Fact]
    public void A_stopped_pool_refuses_its_waiters_and_new_calls()
    {
        var state = With(workers: 2);
        state.Request();
        state.Request();
        var waiters = Wait(state, 2);

        Assert.Equal(waiters, state.Stop());

        Assert.Equal(0, state.QueueLength);
        Assert.False(state.Abandon(waiters[0], Now));
        Assert.Equal(PoolAction.RefuseStopped, state.Request().Action);
        Assert.Equal([(1, WorkerState.Draining, 1), (2, WorkerState.Draining, 1)], state.Workers);
        Assert.Equal(PoolAction.None, state.Return(1).Action);
        Assert.False(state.Lost(1, Now, out _));
        Assert.Equal(0, state.Restarts);
    }

    [Fact]
    public void A_stopping_pool_kills_a_worker_once_it_runs_only_calls_that_it_will_never_answer()
    {
        var state = With(workers: 2, capacity: 2);
        Assert.Equal([1, 2, 1, 2], Enumerable.Range(0, 4).Select(_ => state.Request().Worker));
        state.Stop();

        Assert.False(state.Retire(1, out var decisions));
        Assert.Empty(decisions); // its other call may still end
        Assert.Equal((PoolAction.Kill, 1), state.Return(1) is var one ? (one.Action, one.Worker) : default);
        Assert.False(state.Retire(2, out _));
        Assert.False(state.Retire(2, out decisions));
        Assert.Equal((PoolAction.Kill, 2), Assert.Single(decisions) is var two ? (two.Action, two.Worker) : default);

        Assert.Equal(WorkerEnding.ShutDown, state.EndingOf(1));
        Assert.False(state.Lost(1, Now, out _));
        Assert.Equal(0, state.Restarts);
    }

    [Fact]
    public void Starts_that_fail_within_a_millisecond_are_repeated_with_growing_delays()
    {
        var state = new PoolState(1, capacity: 1, queueLimit: 1);
        var delays = Enumerable.Range(1, 4).Select(worker =>
        {
            state.Starting(worker);
            Assert.True(state.Lost(worker, Now + TimeSpan.FromMilliseconds(worker), out _));
            return state.RestartDelay;
        }).ToArray();
        Assert.Equal(TimeSpan.Zero, delays[0]);
        Assert.True(TimeSpan.Zero < delays[1] && delays[1] < delays[2] && delays[2] < delays[3]);
    }

    [Fact]
    public void A_waiter_that_has_waited_too_long_is_refused_and_later_waiters_go_on_waiting()
    {
        var table = new AffinityTable(limit: 10, Timeout.InfiniteTimeSpan);
        var state = new PoolState(1, 1, 10, table);
        state.Starting(1);
        state.Ready(1, TimeSpan.Zero);
        var session = table.Open("key", AffinityMode.Wait, TimeSpan.Zero)!;
        Assert.Equal(PoolAction.Grant, state.Request(session).Action); // makes the worker the session's home, where its later calls run
        Waiter[] waiters = [new(since: 10), new(session, since: 20), new(session, since: 30), new(since: 40)];
        foreach (var waiter in waiters)
        {
            Assert.Equal(PoolAction.Wait, state.Request(waiter.Session).Action);
            state.Enqueue(waiter);
        }

        Assert.Empty(state.Overdue(9, default, out var oldest));
        Assert.Equal(10, oldest);

        var refused = state.Overdue(20, default, out oldest);
        Assert.All(refused, decision => Assert.Equal(PoolAction.RefuseOverdue, decision.Action));
        Assert.Equal(waiters[..2], refused.Select(decision => decision.Waiter));
        Assert.Equal(30, oldest);
        Assert.Equal((2, 1), (state.QueueLength, session.Waiting));
        Assert.False(state.Abandon(waiters[0], Now));

        Assert.Equal(waiters[2], state.Return(1, session).Waiter);
        Assert.Equal(waiters[3], Assert.Single(state.Overdue(50, default, out oldest)).Waiter);
        Assert.Equal((long.MaxValue, 0), (oldest, state.QueueLength));
    }

    [Fact]
    public void A_session_counts_as_used_while_its_call_waits_even_if_the_call_never_runs()
    {
        var table = new AffinityTable(limit: 10, TimeSpan.FromSeconds(10));
        var state = new PoolState(1, 1, 10, table);
        state.Starting(1);
        state.Ready(1, TimeSpan.Zero);
        state.Request();
        foreach (var (key, leave) in new (string, Func<Waiter, TimeSpan, bool>)[]
        {
            ("gives up", state.Abandon),
            ("is refused", (waiter, now) => state.Overdue(waiter.Since, now, out _).Length == 1),
            ("finds the pool unavailable", (_, now) => Fail(now).Length == 1),
        })
        {
            var session = table.Open(key, AffinityMode.Wait, TimeSpan.Zero)!;
            var waiter = new Waiter(session, since: 1);
            Assert.Equal(PoolAction.Wait, state.Request(session).Action);
            state.Enqueue(waiter);
            Assert.Empty(table.Expire(TimeSpan.FromSeconds(11)));

            Assert.True(leave(waiter, TimeSpan.FromSeconds(11)));

            Assert.Empty(table.Expire(TimeSpan.FromSeconds(20)));
            Assert.Equal([session], table.Expire(TimeSpan.FromSeconds(21)));
        }

        ImmutableArray<PoolDecision> Fail(TimeSpan now)
        {
            state.Lost(1, now, out var refused);
            for (var worker = 2; refused.IsEmpty; worker++)
            {
                state.Starting(worker);
                Assert.True(state.Lost(worker, now, out refused));
            }

            return refused;
        }
    }

    private static PoolState With(int workers, int capacity = 1, int queueLimit = 1_000)
    {
        var state = new PoolState(workers, capacity, queueLimit);
        for (var worker = 1; worker <= workers; worker++)
        {
            state.Starting(worker);
            Assert.Empty(state.Ready(worker, TimeSpan.Zero));
        }

        return state;
    }

    private static Waiter[] Wait(PoolState state, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        Assert.Equal(PoolAction.Wait, state.Request().Action);
        var waiter = new Waiter();
        state.Enqueue(waiter);
        return waiter;
    })];
}
