using Snakepit.Pooling;

namespace Snakepit.Tests.Functional.Pooling;

public sealed class RestartDelays
{
    [Fact]
    public void A_worker_that_has_lived_is_replaced_at_once()
    {
        var backoff = new RestartBackoff(workers: 1);
        Assert.All(Enumerable.Repeat(RestartBackoff.Youth, 50), lived => Assert.Equal(TimeSpan.Zero, backoff.AfterLife(lived)));
    }

    [Fact]
    public void One_fault_that_ends_every_worker_delays_none_of_them()
    {
        var backoff = new RestartBackoff(workers: 4);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(TimeSpan.Zero, backoff.AfterLife(TimeSpan.Zero)));
        Assert.Equal(TimeSpan.FromMilliseconds(50), backoff.AfterLife(TimeSpan.Zero));
    }

    [Fact]
    public void The_delay_doubles_up_to_half_a_minute_and_stays_there()
    {
        var backoff = new RestartBackoff(workers: 1);
        backoff.AfterLife(TimeSpan.Zero);
        var delays = Enumerable.Range(0, 100).Select(_ => backoff.AfterLife(TimeSpan.Zero).TotalMilliseconds).ToArray();
        Assert.Equal([50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000], delays[..12]);
        Assert.All(delays[12..], delay => Assert.Equal(30_000, delay));
    }

    [Fact]
    public void One_useful_life_ends_the_delays()
    {
        var backoff = new RestartBackoff(workers: 1);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(_ => backoff.AfterLife(TimeSpan.Zero)).Distinct().Count());
        Assert.Equal(TimeSpan.Zero, backoff.AfterLife(RestartBackoff.Youth));
        Assert.Equal(TimeSpan.Zero, backoff.AfterLife(RestartBackoff.Youth - TimeSpan.FromTicks(1)));
    }
}
