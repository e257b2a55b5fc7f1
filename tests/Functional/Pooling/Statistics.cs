using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests the counts of calls that a pool keeps.</summary>
public sealed class Statistics
{
    [PythonFact]
    public async Task Every_call_is_counted_once_at_its_start_and_once_at_its_end()
    {
        using var gate = new Marker();
        using var giveUp = new CancellationTokenSource();
        var options = Probe.Options with { QueueLimit = 1, QueueTimeout = TimeSpan.FromMinutes(1) };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();

        // Two calls succeed. Four calls fail because of an exception in a stream, a crash, wrong arguments, and a result that cannot be
        // converted to the requested type.
        await pool.ExecuteAsync("pid").InTime();
        await pool.StreamAsync<int>("count", new { upto = 3 }).ToListAsync().InTime();
        await Assert.ThrowsAsync<PythonException>(
            () => pool.StreamAsync<int>("failing_generator", new { after = 1 }).ToListAsync().InTime());
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("value", 5).InTime());
        await Assert.ThrowsAsync<ResultConversionException>(() => pool.ExecuteAsync<string>("pid").InTime());
        await pool.WaitForIdleWorkers(2);

        // Two calls are cancelled: one by its token, and one stream whose consumer stops reading early. One call times out.
        var given = pool.ExecuteAsync("hang", cancellationToken: giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.InTime());
        await foreach (var _ in pool.StreamAsync<int>("count", new { upto = 100 }))
        {
            break;
        }

        await Assert.ThrowsAsync<CallTimeoutException>(
            () => pool.ExecuteAsync("hang", options: new() { Timeout = TimeSpan.FromMilliseconds(50) }).InTime());
        await pool.WaitForIdleWorkers(2);

        // One call is rejected while two others run and a third waits in the queue. These three calls succeed later.
        var running = Enumerable.Range(0, 3).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToArray();
        await Assert.ThrowsAsync<PoolSaturatedException>(() => pool.ExecuteAsync("pid").InTime());
        var busy = pool.GetStatistics();
        Assert.Equal((3, 1, 2), (busy.Calls.InFlight, busy.QueueLength, busy.Count(WorkerState.Busy)));
        Assert.Equal(2, busy.Workers.Sum(worker => worker.CallsInFlight));
        gate.Write();
        await Task.WhenAll(running).InTime();

        Assert.Equal(
            new CallStatistics(Started: 13, Succeeded: 5, Failed: 4, Cancelled: 2, TimedOut: 1, Rejected: 1, Retried: 0),
            pool.GetStatistics().Calls);
        Assert.Equal(0, pool.GetStatistics().Calls.InFlight);
        Assert.Equal(1, pool.GetStatistics().Restarts);
        Assert.Equal(0, pool.GetStatistics().QueueLength);
    }

    [PythonFact]
    public async Task The_counts_add_up_after_a_mixed_load_from_many_callers()
    {
        var random = new Random(42);
        var options = Probe.Options with
        {
            QueueLimit = 10,
            QueueTimeout = TimeSpan.FromMilliseconds(40),
            CancelGrace = TimeSpan.FromSeconds(10),
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var ended = 0;
        var kinds = Enumerable.Range(0, 200).Select(_ => random.Next(6)).ToArray();
        await Parallel.ForEachAsync(kinds, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (kind, _) =>
        {
            using var giveUp = new CancellationTokenSource();
            giveUp.CancelAfter(kind == 0 ? TimeSpan.FromMilliseconds(5) : Eventually.Patience);
            try
            {
                await (kind switch
                {
                    0 => pool.ExecuteAsync("hang", cancellationToken: giveUp.Token),
                    1 => pool.ExecuteAsync(
                        "hang", options: new() { Timeout = TimeSpan.FromMilliseconds(5) }, cancellationToken: giveUp.Token),
                    2 => pool.ExecuteAsync("exits", new { status = 1 }, cancellationToken: giveUp.Token),
                    3 => pool.StreamAsync<int>("count", new { upto = 40 }, cancellationToken: giveUp.Token).ToListAsync(),
                    _ => pool.ExecuteAsync("slow_call", new { ms = 3 }, cancellationToken: giveUp.Token),
                });
            }
            catch (Exception exception) when (exception is SnakepitException or OperationCanceledException)
            {
                // The kind of error does not matter here, because the test compares only the counts of the pool.
            }

            Interlocked.Increment(ref ended);
        }).InTime();

        await pool.WaitForIdleWorkers(2);
        var calls = pool.GetStatistics().Calls;
        Assert.Equal((200, 200), (ended, calls.Started));
        Assert.Equal(calls.Started, calls.Succeeded + calls.Failed + calls.Cancelled + calls.TimedOut + calls.Rejected);
        Assert.True(calls is { Succeeded: > 0, Failed: > 0, TimedOut: > 0 }, calls.ToString());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }
}
