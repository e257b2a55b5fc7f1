using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Measurement.Load;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class OpenLoops
{
    [Fact]
    public void The_same_seed_gives_the_same_schedule_at_the_given_rate()
    {
        var schedule = Schedule.Poisson(rate: 1_000, count: 20_000, seed: 7);
        Assert.Equal(schedule.Starts.AsEnumerable(), Schedule.Poisson(rate: 1_000, count: 20_000, seed: 7).Starts.AsEnumerable());
        Assert.NotEqual(schedule.Starts.AsEnumerable(), Schedule.Poisson(rate: 1_000, count: 20_000, seed: 8).Starts.AsEnumerable());
        Assert.Equal(schedule.Starts.Order(), schedule.Starts.AsEnumerable());
        Assert.InRange(schedule.Starts[^1].TotalSeconds, 19, 21);
    }

    [Fact]
    public async Task A_pause_shows_in_the_latency_of_every_call_that_was_scheduled_during_it()
    {
        // The server takes one call at a time and pauses once for 200 ms. A closed loop would measure one slow call, an open loop many.
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
        Assert.InRange(result.Latencies[49], 190, double.MaxValue); // The latencies are in the order of the schedule.
    }

    [Fact]
    public async Task An_open_loop_does_not_start_early_and_waits_for_every_call()
    {
        var schedule = Schedule.Poisson(rate: 500, count: 100, seed: 1);
        var start = Stopwatch.GetTimestamp();
        // The durations are measured with Stopwatch, because Task.Delay uses a coarser clock and may end early.
        var took = new ConcurrentBag<double>();
        var result = await OpenLoop.RunAsync(schedule, async () =>
        {
            var called = Stopwatch.GetTimestamp();
            await Task.Delay(20);
            took.Add(Stopwatch.GetElapsedTime(called).TotalMilliseconds);
        });
        Assert.True(Stopwatch.GetElapsedTime(start) >= schedule.Starts[^1]);
        Assert.Equal(100, took.Count);
        Assert.True(result.Lateness.Min >= 0);
        Assert.All(
            result.Latency.Sorted.Zip(took.Order()),
            pair => Assert.True(pair.First >= pair.Second, $"{pair.First} ms, of which the call took {pair.Second}"));
    }
}
