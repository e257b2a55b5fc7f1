using Snakepit.Scheduling;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests the delay before the pool replaces a worker that died. There is no delay at first, and it grows while workers keep dying early.
/// </summary>
public sealed class RestartDelays
{
    private TimeSpan _now;

    [Fact]
    public void A_worker_that_lived_long_enough_is_replaced_at_once()
    {
        var backoff = new RestartBackoff(workers: 1);
        Assert.All(Enumerable.Repeat(RestartBackoff.MinimumUptime, 50), lived => Assert.Equal(TimeSpan.Zero, AfterLife(backoff, lived)));
    }

    [Fact]
    public void One_early_death_per_worker_delays_no_restart()
    {
        var backoff = new RestartBackoff(workers: 4);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(TimeSpan.Zero, AfterLife(backoff, TimeSpan.Zero)));
        Assert.Equal(TimeSpan.FromMilliseconds(50), AfterLife(backoff, TimeSpan.Zero));
    }

    [Fact]
    public void Workers_that_die_at_the_same_moment_count_as_one_death()
    {
        var backoff = new RestartBackoff(workers: 2);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, backoff.AfterLife(TimeSpan.Zero, _now)));
        Assert.Equal(TimeSpan.Zero, AfterLife(backoff, TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMilliseconds(50), AfterLife(backoff, TimeSpan.Zero));
    }

    [Fact]
    public void The_delay_doubles_up_to_half_a_minute_and_stays_there()
    {
        var backoff = new RestartBackoff(workers: 1);
        AfterLife(backoff, TimeSpan.Zero);
        var delays = Enumerable.Range(0, 100).Select(_ => AfterLife(backoff, TimeSpan.Zero).TotalMilliseconds).ToArray();
        Assert.Equal([50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000], delays[..12]);
        Assert.All(delays[12..], delay => Assert.Equal(30_000, delay));
    }

    [Fact]
    public void A_worker_that_lives_long_enough_resets_the_delay()
    {
        var backoff = new RestartBackoff(workers: 1);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(_ => AfterLife(backoff, TimeSpan.Zero)).Distinct().Count());
        Assert.Equal(TimeSpan.Zero, AfterLife(backoff, RestartBackoff.MinimumUptime));
        Assert.Equal(TimeSpan.Zero, AfterLife(backoff, RestartBackoff.MinimumUptime - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void An_interrupted_worker_makes_up_for_one_early_end()
    {
        var backoff = new RestartBackoff(workers: 1);
        backoff.Interrupted();
        Assert.Equal([0, 50], Enumerable.Range(0, 2).Select(_ => AfterLife(backoff, TimeSpan.Zero).TotalMilliseconds));
        backoff.Interrupted();
        Assert.Equal(50, AfterLife(backoff, TimeSpan.Zero).TotalMilliseconds);
        backoff.Interrupted();
        backoff.Interrupted();
        Assert.Equal(TimeSpan.Zero, AfterLife(backoff, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(128)]
    public void Starts_that_fail_at_once_are_repeated_only_a_few_times_in_a_second(int workers)
    {
        var attempts = AttemptsUntil(TimeSpan.FromSeconds(1), workers, out _);
        Assert.InRange(attempts, Math.Min(workers, 3), (2 * workers) + 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void The_next_start_is_never_much_further_away_than_starts_have_been_failing(int workers)
    {
        foreach (var seconds in new[] { 2, 8, 20 })
        {
            var failing = TimeSpan.FromSeconds(seconds);
            AttemptsUntil(failing, workers, out var next);
            Assert.InRange(next, failing, (failing * 2) + TimeSpan.FromSeconds(1));
        }

        AttemptsUntil(TimeSpan.FromMinutes(10), workers, out var last);
        Assert.InRange(last, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void A_start_that_succeeds_ends_the_delay_of_failed_starts_but_not_that_of_early_ends()
    {
        var backoff = new RestartBackoff(workers: 1);
        Assert.Equal([0, 50, 100], Enumerable.Range(0, 3).Select(_ => AfterFailedStart(backoff).TotalMilliseconds));
        backoff.Started();
        Assert.Equal(TimeSpan.Zero, AfterLife(backoff, RestartBackoff.MinimumUptime));
        Assert.Equal(TimeSpan.Zero, AfterFailedStart(backoff));
        backoff.Started();
        Assert.Equal(TimeSpan.FromMilliseconds(50), AfterLife(backoff, TimeSpan.Zero));
        backoff.Started();
        Assert.Equal(TimeSpan.FromMilliseconds(100), AfterFailedStart(backoff));
    }

    private TimeSpan AfterFailedStart(RestartBackoff backoff) => backoff.AfterFailedStart(_now += RestartBackoff.SameCauseWindow);

    /// <summary>
    /// Lets all workers of a pool end at once and each start fail after a millisecond. Returns the number of starts until a time, and when
    /// the next one would have followed.
    /// </summary>
    private static int AttemptsUntil(TimeSpan end, int workers, out TimeSpan next)
    {
        var backoff = new RestartBackoff(workers);
        var due = new PriorityQueue<int, TimeSpan>();
        for (var worker = 0; worker < workers; worker++)
        {
            due.Enqueue(worker, backoff.AfterLife(RestartBackoff.MinimumUptime, TimeSpan.Zero));
        }

        for (var attempts = 0; ; attempts++)
        {
            due.TryDequeue(out var worker, out next);
            if (next >= end)
            {
                return attempts;
            }

            var failed = next + TimeSpan.FromMilliseconds(1);
            due.Enqueue(worker, failed + backoff.AfterFailedStart(failed));
        }
    }

    private TimeSpan AfterLife(RestartBackoff backoff, TimeSpan lived) => backoff.AfterLife(lived, _now += RestartBackoff.SameCauseWindow);
}
