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

    private TimeSpan AfterLife(RestartBackoff backoff, TimeSpan lived) => backoff.AfterLife(lived, _now += RestartBackoff.SameCauseWindow);
}
