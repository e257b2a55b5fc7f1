using System.Numerics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the showcase's streams arrive whole and as they are made, and end when their caller ends them.</summary>
public abstract class ShowcaseStreams<T>
    where T : ITestTransport
{
    private sealed record Item(int Index, double Time);

    private sealed record Rows(int First, double[] X, double[] Y);

    private static Task<SnakepitPool> StartAsync() =>
        SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase) with { Workers = 1 }).InTime();

    [PythonFact]
    public async Task Items_arrive_one_after_the_other()
    {
        await using var pool = await StartAsync();
        var items = await pool.StreamAsync<Item>("stream_data", new { count = 5, delay_ms = 10 }).ToListAsync().InTime();
        Assert.Equal(Enumerable.Range(0, 5), items.Select(static item => item.Index));
        Assert.All(items.Zip(items.Skip(1)), static pair => Assert.True(pair.Second.Time - pair.First.Time > 0.009, $"{pair}"));
    }

    [PythonFact]
    public async Task Fibonacci_numbers_arrive_with_all_their_digits()
    {
        await using var pool = await StartAsync();
        var numbers = await pool.StreamAsync<BigInteger>("stream_fibonacci", new { count = 20_000 }).ToListAsync().InTime();
        var (current, following) = (BigInteger.Zero, BigInteger.One);
        foreach (var number in numbers)
        {
            Assert.Equal(current, number);
            (current, following) = (following, current + following);
        }

        Assert.Equal(20_000, numbers.Count);
        var refused = await Assert.ThrowsAsync<PythonException>(
            () => pool.StreamAsync<BigInteger>("stream_fibonacci", new { count = 20_001 }).ToListAsync().InTime());
        Assert.Equal("a count of Fibonacci numbers is at most 20,000, not 20,001", refused.PythonMessage);
    }

    [PythonFact]
    public async Task A_data_set_arrives_whole_and_lies_around_its_line()
    {
        await using var pool = await StartAsync();
        var chunks = await pool.StreamAsync<Rows>("generate_dataset", new { rows = 2_050, chunk = 100, seed = 3 }).ToListAsync().InTime();
        Assert.Equal(Enumerable.Range(0, 21).Select(static chunk => chunk * 100), chunks.Select(static chunk => chunk.First));
        var (x, y) = (chunks.SelectMany(static chunk => chunk.X).ToList(), chunks.SelectMany(static chunk => chunk.Y).ToList());
        Assert.Equal((2_050, 2_050), (x.Count, y.Count));
        var (meanX, meanY) = (x.Average(), y.Average());
        var slope = x.Zip(y, (one, other) => (one - meanX) * (other - meanY)).Sum() / x.Sum(one => (one - meanX) * (one - meanX));
        Assert.InRange(slope, 1.95, 2.05);
        Assert.InRange(meanY - (slope * meanX), 2.8, 3.2);
    }

    [PythonFact]
    public async Task A_stream_without_end_ends_when_its_reader_stops()
    {
        await using var pool = await StartAsync();
        var read = 0;
        await foreach (var item in pool.StreamAsync<Item>("infinite_stream"))
        {
            Assert.Equal(read++, item.Index);
            if (read == 1_000)
            {
                break;
            }
        }

        await AssertServesAgainAsync(pool);
    }

    [PythonFact]
    public async Task A_stream_without_end_ends_in_its_pause_when_it_is_cancelled()
    {
        await using var pool = await StartAsync();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pool
            .StreamAsync<Item>("infinite_stream", new { delay_ms = 3_600_000 }, cancellationToken: giveUp.Token).ToListAsync().InTime());
        await AssertServesAgainAsync(pool);
    }

    /// <summary>Asserts that no stream keeps the only worker.</summary>
    private static async Task AssertServesAgainAsync(SnakepitPool pool)
    {
        Assert.Equal(49, await pool.ExecuteAsync<int>("lightweight", new { i = 7 }).InTime());
        await pool.WaitForIdleWorkers(1);
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }
}

public sealed class ShowcaseStreamsOverGrpc : ShowcaseStreams<OverGrpc>;

public sealed class ShowcaseStreamsOverDirect : ShowcaseStreams<OverDirect>;
