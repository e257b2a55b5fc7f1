using Snakepit.Scheduling;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests what the pool decides about a worker in which a cancelled call was interrupted, or must be. The tested code reads no clock and
/// starts no process.
/// </summary>
public sealed class InterruptionDecisions
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void An_interrupted_worker_gets_no_more_calls_and_its_successor_starts_at_once()
    {
        var state = With(capacity: 1);
        state.Request();
        var waiter = new Waiter();
        state.Enqueue(waiter);

        Assert.True(state.Interrupt(1, out var startSuccessor, out var decisions));

        Assert.True(startSuccessor);
        Assert.Empty(decisions);
        Assert.Equal(new PoolDecision(PoolAction.ShutDown, 1), state.Return(1));
        Assert.Equal((1, 0, TimeSpan.Zero, PoolHealth.Healthy), (state.Interruptions, state.Restarts, state.RestartDelay, state.Health));
        state.Starting(2);
        Assert.Equal(new PoolDecision(PoolAction.Grant, 2, waiter), Assert.Single(state.Ready(2, Now)));
        Assert.False(state.Lost(1, Now, out _));
        Assert.Equal(0, state.Restarts);
    }

    [Fact]
    public void An_interrupted_worker_ends_with_the_last_of_its_other_calls()
    {
        var state = With(capacity: 3);
        state.Request();
        state.Request();
        Assert.Null(state.LastCallsOf(1));

        Assert.True(state.Interrupt(1, out _, out _));
        Assert.False(state.Interrupt(1, out var startSuccessor, out _));

        Assert.False(startSuccessor);
        Assert.Equal(2, state.LastCallsOf(1));
        Assert.Equal(PoolAction.Wait, state.Request().Action);
        Assert.Equal(PoolAction.None, state.Return(1).Action);
        Assert.Equal(new PoolDecision(PoolAction.ShutDown, 1), state.Return(1));
        Assert.Equal(1, state.Interruptions);
    }

    [Fact]
    public void An_interrupted_worker_whose_call_does_not_end_is_killed_and_counts_as_one_restart()
    {
        var state = With(capacity: 2);
        state.Request();
        state.Request();
        state.Interrupt(1, out _, out _);

        Assert.False(state.Retire(1, out _));
        Assert.False(state.Retire(1, out var decisions));

        Assert.Equal(new PoolDecision(PoolAction.Kill, 1), Assert.Single(decisions));
        Assert.Equal((1, 1), (state.Interruptions, state.Restarts));
    }

    [Fact]
    public void Sessions_lose_their_state_with_an_interrupted_worker_and_learn_why()
    {
        var table = new AffinityTable(limit: 10, Timeout.InfiniteTimeSpan);
        var state = new PoolState(1, capacity: 1, queueLimit: 9, table);
        state.Starting(1);
        state.Ready(1, Now);
        var (staying, moving) = (table.Open("staying", AffinityMode.Wait, Now)!, table.Open("moving", AffinityMode.Prefer, Now)!);
        state.Request(staying);
        state.Return(1, staying);
        state.Request(moving);
        var waiter = new Waiter(staying, since: 0);
        Assert.Equal(PoolAction.Wait, state.Request(staying).Action);
        state.Enqueue(waiter);

        state.Interrupt(1, out _, out var decisions);

        Assert.Equal(new PoolDecision(PoolAction.RefuseSessionLost, Waiter: waiter), Assert.Single(decisions));
        Assert.Equal((true, SessionLoss.WorkerInterrupted), (staying.IsOver, staying.Loss));
        Assert.Equal((false, 0, SessionLoss.WorkerInterrupted), (moving.IsOver, moving.Home, moving.Loss));
    }

    [Theory]
    [InlineData(AfterInterruption.ReplaceWorker, 1, null, 1, false, nameof(Interruption.Allowed))] // the call is alone in its worker
    [InlineData(AfterInterruption.KeepWorker, 3, null, 1, false, nameof(Interruption.Allowed))]
    [InlineData(AfterInterruption.ReplaceWorker, 3, null, 1, false, nameof(Interruption.NotYet))] // other calls may begin
    [InlineData(AfterInterruption.ReplaceWorker, 3, null, 1, true, nameof(Interruption.NotYet))]
    [InlineData(AfterInterruption.ReplaceWorker, 3, 2, 1, false, nameof(Interruption.Postponed))] // another call runs
    [InlineData(AfterInterruption.ReplaceWorker, 3, 2, 1, true, nameof(Interruption.Allowed))] // another call cannot go on
    [InlineData(AfterInterruption.ReplaceWorker, 3, 2, 2, false, nameof(Interruption.Allowed))] // all calls are cancelled
    public void A_cancelled_call_is_interrupted_when_that_can_harm_no_other_call(
        AfterInterruption after, int capacity, int? lastCalls, int cancelledCalls, bool blocksOthers, string expected) =>
        Assert.Equal(expected, new InterruptionPolicy(after, capacity).Decide(lastCalls, cancelledCalls, blocksOthers).ToString());

    private static PoolState With(int capacity)
    {
        var state = new PoolState(1, capacity, queueLimit: 9);
        state.Starting(1);
        state.Ready(1, Now);
        return state;
    }
}
