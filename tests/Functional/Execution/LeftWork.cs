using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests what becomes of the work that a cancelled async tool has left running in an executor, for example with asyncio.to_thread.
/// </summary>
public abstract class LeftWork<T>
    where T : ITestTransport
{
    private static SnakepitOptions Options { get; } = Probe.Over<T>() with { Adapter = "gives_work_away:GivesWorkAway", Workers = 1 };

    [PythonTheory]
    [InlineData("to_thread", 1)]
    [InlineData("gather", 1)]
    [InlineData("wait_for", 1)]
    [InlineData("own default", 1)]
    [InlineData("own threads", 1)]
    [InlineData("processes", 1)]
    [InlineData("to_thread", 3)]
    public async Task No_later_call_hangs_although_the_work_of_cancelled_calls_would_take_all_threads(string how, int capacity)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool
            .StartAsync(Options with { MaxConcurrentCallsPerWorker = capacity, CancelGrace = TimeSpan.FromSeconds(1), LoggerFactory = log })
            .InTime();
        for (var round = 0; round < 2; round++)
        {
            using var marker = new Marker();
            var before = pool.ProcessIds()[0];
            await CancelAsync(pool, how, marker);
            await OsProcess.Gone(before, TimeSpan.FromSeconds(20));
            Assert.Equal("done", await pool.ExecuteAsync<string>("works", new { how }).InTime());
        }

        await log.WaitForLineAsync("tool 'waits' was cancelled, but what it has started in an executor runs on: _until()");
        await log.WaitForLineAsync("did not stop tool 'waits'");
    }

    [PythonTheory]
    [InlineData("to_thread")]
    [InlineData("processes")]
    public async Task A_worker_goes_on_when_the_work_of_a_cancelled_call_has_ended_and_runs_no_call_before(string how)
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = TimeSpan.FromMinutes(1) }).InTime();
        var worker = pool.ProcessIds()[0];
        await CancelAsync(pool, how, marker);
        var next = pool.ExecuteAsync<int>("pid");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.False(next.IsCompleted);

        await File.WriteAllTextAsync(marker.At("gate"), "");
        Assert.Equal(worker, await next.InTime());
        Assert.Equal((0, 0), (pool.GetStatistics().Restarts, pool.GetStatistics().Interruptions));
    }

    [PythonFact]
    public async Task Other_calls_of_the_worker_go_on_while_the_work_of_a_cancelled_call_runs()
    {
        using var left = new Marker();
        using var other = new Marker();
        await using var pool = await SnakepitPool
            .StartAsync(Options with { MaxConcurrentCallsPerWorker = 3, CancelGrace = TimeSpan.FromMinutes(1) })
            .InTime();
        var neighbour = pool.ExecuteAsync<string>("waits", Arguments("to_thread", other));
        await other.WrittenAsync();
        await CancelAsync(pool, "to_thread", left);
        Assert.Equal("done", await pool.ExecuteAsync<string>("works", new { how = "to_thread" }).InTime());
        await File.WriteAllTextAsync(other.At("gate"), "");
        Assert.Equal("opened", await neighbour.InTime());
        Assert.Equal(1, pool.GetStatistics().Workers[0].CallsInFlight);

        await File.WriteAllTextAsync(left.At("gate"), "");
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 0, "the work that was left has ended");
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_stream_that_is_cancelled_leaves_no_work_beside_later_calls_either()
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Options with { CancelGrace = TimeSpan.FromSeconds(1) }).InTime();
        var before = pool.ProcessIds()[0];
        var arguments = new { gate = marker.At("gate"), marker = marker.Path };
        var reading = pool.StreamAsync<string>("streams", arguments, cancellationToken: giveUp.Token).ToListAsync();
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTime());
        Assert.NotEqual(before, await pool.ExecuteAsync<int>("pid").InTime());
    }

    private static object Arguments(string how, Marker marker) => new { how, gate = marker.At("gate"), marker = marker.Path };

    private static async Task CancelAsync(SnakepitPool pool, string how, Marker marker)
    {
        using var giveUp = new CancellationTokenSource();
        var call = pool.ExecuteAsync("waits", Arguments(how, marker), cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }
}

public sealed class LeftWorkOverGrpc : LeftWork<OverGrpc>;

public sealed class LeftWorkOverDirect : LeftWork<OverDirect>;
