using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that measure calls which fail, in hosts that are real processes, and the schedule of such calls.</summary>
public sealed class SlotsOfErrors
{
    private const double MostMs = 20_000;

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_calls_that_fail_or_are_cancelled(WorkerTransport transport)
    {
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
        await arm.RunAsync(new StartToolsSlot(Workers: 3, WithFailingTools: true), CancellationToken.None);
        foreach (var kind in Enum.GetValues<CallKind>())
        {
            var times = await arm.RunAsync(new ErrorTimesSlot(kind, Count: 3), CancellationToken.None);
            Assert.InRange(times.ErrorMs, 0.001, MostMs);
            Assert.InRange(times.PingMs, 0.01, MostMs);
        }

        foreach (var atSafePoint in new[] { true, false })
        {
            var cancel = await arm.RunAsync(new CancelSlot(atSafePoint, Count: 2), CancellationToken.None);
            Assert.InRange(cancel.ToldMs, 0.001, MostMs);
            Assert.InRange(cancel.NoticedMs, 0.001, MostMs);
        }

        var schedule = await arm.RunAsync(new ErrorScheduleSlot(Count: 71, Callers: 4, Seed: 3), CancellationToken.None);
        Assert.Equal(71, schedule.Right);
    }

    [Fact]
    public void A_schedule_has_each_kind_of_call_equally_often_in_an_order_that_the_seed_tells()
    {
        var drawn = CallSchedule.Draw(count: 72, seed: 1);
        Assert.Equal(drawn, CallSchedule.Draw(count: 72, seed: 1));
        Assert.NotEqual(drawn, CallSchedule.Draw(count: 72, seed: 2));
        var counts = drawn.CountBy(kind => kind).ToDictionary();
        Assert.Equal(Enum.GetValues<CallKind>().Order(), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 10, 12));
    }

    [Fact]
    public void A_pool_that_counts_other_calls_than_the_schedule_has_is_reported_with_its_counts()
    {
        var before = new CallStatistics(Started: 10, Succeeded: 5, Failed: 4, Cancelled: 1, TimedOut: 0, Rejected: 0, Retried: 0);
        CallKind[] kinds = [CallKind.Succeeds, CallKind.Raises, CallKind.Unsent, CallKind.TimesOut, CallKind.IsCancelled];
        var after = before with { Started = 15, Succeeded = 6, Failed = 6, Cancelled = 2, TimedOut = 1 };
        CallSchedule.RequireCounted(kinds, before, after);
        foreach (var wrong in (CallStatistics[])
            [after with { Started = 14 }, after with { Failed = 5 }, after with { TimedOut = 2 }, after with { Rejected = 1 }])
        {
            var error = Assert.Throws<InvalidOperationException>(() => CallSchedule.RequireCounted(kinds, before, wrong));
            Assert.Equal($"The pool has counted {wrong}, and {after} was expected.", error.Message);
        }
    }
}
