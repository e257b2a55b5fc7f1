using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests Python code that ignores a cancellation. The pool kills the worker that runs this code when
/// <see cref="SnakepitOptions.CancelGrace"/> has passed, and calls on other workers are not affected.
/// </summary>
public abstract class IgnoredCancellations<T>
    where T : ITestTransport
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    // The time in which a killed worker process must end. The tests wait for the end of the process, because the pool starts a
    // successor while the killed process may still be running.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [PythonTheory]
    [InlineData("swallow_forever", WorkerStart.Fork)]
    [InlineData("uninterruptible", WorkerStart.Fork)]
    [InlineData("uninterruptible", WorkerStart.Spawn)]
    public async Task A_worker_that_ignores_a_cancellation_is_killed_and_replaced(string tool, WorkerStart start)
    {
        using var log = new RecordedLog();
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var options = Probe.Over<T>() with { WorkerStart = start, CancelGrace = Grace, LoggerFactory = log };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var before = pool.ProcessIds();
        var ignoring = pool.ExecuteAsync(tool, new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        var other = pool.ExecuteAsync<string>("until", new { gate = marker.At("gate"), marker = marker.At("other") });
        await marker.WrittenAsync("other");

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ignoring.InTime());
        await Eventually.True(
            () => pool.GetStatistics() is { Restarts: 1 } now && now.Count(WorkerState.Idle) == 1,
            "one restart is counted and one worker is idle");
        await File.WriteAllTextAsync(marker.At("gate"), "");

        Assert.Equal("opened", await other.InTime());
        await pool.WaitForIdleWorkers(2);
        var after = pool.ProcessIds();
        Assert.Single(before.Intersect(after));
        await OsProcess.Gone(Assert.Single(before.Except(after)), Soon);
        var warning = await log.WaitForLineAsync("did not stop tool");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains($"'{tool}'", warning.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_whose_generator_cannot_be_interrupted_is_killed_and_replaced(bool byDeadline)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var time = new FakeTimeProvider(); // so that the deadline cannot pass before the first chunk has arrived
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>() with { Workers = 1, CancelGrace = Grace, TimeProvider = time }).InTime();
        var before = pool.ProcessIds()[0];
        var options = new CallOptions { Timeout = byDeadline ? Grace : Timeout.InfiniteTimeSpan };
        var stream = pool.StreamAsync<int>("uninterruptible_generator", new { marker = marker.Path }, options, giveUp.Token);
        await using var chunks = stream.GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime());
        await marker.WrittenAsync();
        if (byDeadline)
        {
            time.Advance(Grace);
        }
        else
        {
            await giveUp.CancelAsync();
        }

        var ended = await Assert.ThrowsAnyAsync<Exception>(() => chunks.MoveNextAsync().AsTask().InTime());

        Assert.True(byDeadline ? ended is CallTimeoutException : ended is OperationCanceledException, $"{ended}");
        await Eventually.True(
            () =>
            {
                time.Advance(Grace / 10);
                return !OsProcess.IsAlive(before);
            },
            "the worker is killed when the grace has passed");
        Assert.NotEqual(before, await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_worker_whose_generator_never_closes_is_killed_and_replaced()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, CancelGrace = Grace }).InTime();
        var before = pool.ProcessIds();
        Assert.Equal(1, await FirstAsync(pool, "generator_that_stays"));
        Assert.NotEqual(before[0], await pool.ExecuteAsync<int>("pid").InTime());
        await OsProcess.Gone(before[0], Soon);
    }

    [PythonFact]
    public async Task A_worker_whose_generator_yields_instead_of_closing_is_kept()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        var before = pool.ProcessIds();
        Assert.Equal(1, await FirstAsync(pool, "generator_that_ignores_its_end"));
        Assert.Equal(before[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    private static async Task<int> FirstAsync(SnakepitPool pool, string tool)
    {
        await foreach (var chunk in pool.StreamAsync<int>(tool))
        {
            return chunk;
        }

        throw new InvalidOperationException("The stream is empty.");
    }
}

public sealed class IgnoredCancellationsOverGrpc : IgnoredCancellations<OverGrpc>;

public sealed class IgnoredCancellationsOverDirect : IgnoredCancellations<OverDirect>;
