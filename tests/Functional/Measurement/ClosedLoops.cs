using Snakepit.Measurement.Load;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class ClosedLoops
{
    [Fact]
    public async Task A_closed_loop_makes_the_given_number_of_calls_and_never_more_at_once_than_callers()
    {
        int inFlight = 0, most = 0;
        var result = await ClosedLoop.RunAsync(callers: 7, calls: 1_000, async () =>
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
        });
        Assert.Equal((1_000, 0), (result.Calls, result.Errors));
        Assert.InRange(most, 1, 7);
    }

    [Fact]
    public async Task Failed_calls_are_counted_as_errors_and_not_as_calls()
    {
        var made = 0;
        var result = await ClosedLoop.RunAsync(callers: 3, calls: 100, () =>
            Interlocked.Increment(ref made) % 4 == 0 ? throw new InvalidOperationException("every fourth") : Task.CompletedTask);
        Assert.Equal((75, 25), (result.Calls, result.Errors));
        Assert.Equal("every fourth", result.FirstError?.Message);
    }

    [Fact]
    public async Task A_closed_loop_whose_time_is_up_at_once_still_makes_a_call_for_each_caller()
    {
        var result = await ClosedLoop.RunAsync(callers: 3, TimeSpan.Zero, () => Task.CompletedTask);
        Assert.Equal((3, 0), (result.Calls, result.Errors));
        Assert.True(double.IsFinite(result.Rate), $"the rate is {result.Rate}");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
