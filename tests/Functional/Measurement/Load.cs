using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Measurement.Load;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class Load
{
    [Fact]
    public async Task A_closed_loop_makes_exactly_the_calls_it_was_asked_for_and_never_more_at_once()
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
    public async Task Failed_calls_are_errors_and_not_calls()
    {
        var made = 0;
        var result = await ClosedLoop.RunAsync(callers: 3, calls: 100, () =>
            Interlocked.Increment(ref made) % 4 == 0 ? throw new InvalidOperationException("every fourth") : Task.CompletedTask);
        Assert.Equal((75, 25), (result.Calls, result.Errors));
        Assert.Equal("every fourth", result.FirstError?.Message);
    }

    [Fact]
    public void The_same_seed_makes_the_same_schedule_at_the_rate_that_was_asked_for()
    {
        var schedule = Schedule.Poisson(rate: 1_000, count: 20_000, seed: 7);
        Assert.Equal(schedule.Starts.AsEnumerable(), Schedule.Poisson(rate: 1_000, count: 20_000, seed: 7).Starts.AsEnumerable());
        Assert.NotEqual(schedule.Starts.AsEnumerable(), Schedule.Poisson(rate: 1_000, count: 20_000, seed: 8).Starts.AsEnumerable());
        Assert.Equal(schedule.Starts.Order(), schedule.Starts.AsEnumerable());
        Assert.InRange(schedule.Starts[^1].TotalSeconds, 19, 21);
    }

    [Fact]
    public async Task A_pause_of_the_system_shows_in_every_call_that_should_have_started_in_it()
    {
        // One server that takes one call at a time and pauses once for 200 ms: a closed loop would see one slow call, an open one sees all.
        var schedule = new Schedule([.. Enumerable.Range(0, 200).Select(i => TimeSpan.FromMilliseconds(2 * i))]);
        using var server = new SemaphoreSlim(1);
        var served = 0;
        var result = await OpenLoop.RunAsync(schedule, async () =>
        {
            await server.WaitAsync();
            if (Interlocked.Increment(ref served) == 50)
            {
                await Task.Delay(200);
            }

            server.Release();
        });
        Assert.Equal(0, result.Errors);
        var waited = result.Latencies.Count(latency => latency > 50);
        Assert.True(waited >= 60, $"only {waited} calls saw the pause");
        Assert.InRange(result.Latencies[49], 190, double.MaxValue); // in the order of the schedule
    }

    [Fact]
    public async Task An_open_loop_does_not_start_early_and_waits_for_every_call()
    {
        var schedule = Schedule.Poisson(rate: 500, count: 100, seed: 1);
        var start = Stopwatch.GetTimestamp();
        var took = new ConcurrentBag<double>(); // by the clock that measures: the one of Task.Delay is coarser, and ends early
        var result = await OpenLoop.RunAsync(schedule, async () =>
        {
            var called = Stopwatch.GetTimestamp();
            await Task.Delay(20);
            took.Add(Stopwatch.GetElapsedTime(called).TotalMilliseconds);
        });
        Assert.True(Stopwatch.GetElapsedTime(start) >= schedule.Starts[^1]);
        Assert.Equal(100, took.Count);
        Assert.True(result.Lateness.Min >= 0);
        Assert.All(result.Latency.Sorted.Zip(took.Order()), pair => Assert.True(pair.First >= pair.Second, $"{pair.First} ms, of which the call took {pair.Second}"));
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
