using System.Diagnostics.Metrics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests what pools measure.</summary>
public abstract class Metrics<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task The_workers_the_queue_and_the_sessions_of_a_pool_are_measured()
    {
        var name = UniqueName();
        using var states = new Measured<long>("snakepit.worker.count", name);
        using var limit = new Measured<long>("snakepit.worker.limit", name);
        using var pending = new Measured<long>("snakepit.call.pending", name);
        using var sessions = new Measured<long>("snakepit.session.count", name);
        using var memory = new Measured<long>("snakepit.worker.memory", name);
        using var gate = new Marker();
        await using var pool = await StartAsync(name, workers: 1);
        Assert.Equal(1, states.ReadBy("snakepit.worker.state")["idle"]);
        await using var session = pool.OpenSession("a");
        var calls = Enumerable.Range(0, 3).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToArray();

        var now = states.ReadBy("snakepit.worker.state");
        Assert.Equal(["busy", "draining", "idle", "starting"], now.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1, 0), (now["busy"], now["idle"]));
        Assert.Equal(1, Assert.Single(limit.Read()).Value);
        Assert.Equal(2, Assert.Single(pending.Read()).Value);
        Assert.Equal(1, Assert.Single(sessions.Read()).Value);
        Assert.InRange(Assert.Single(memory.Read()).Value, 1_000_000, 1_000_000_000);
        gate.Write();
        await Task.WhenAll(calls).InTime();
        Assert.Equal(0, Assert.Single(pending.Read()).Value);
    }

    [PythonFact]
    public async Task Replaced_workers_are_counted_by_the_reason()
    {
        var name = UniqueName();
        using var restarts = new Measured<long>("snakepit.worker.restarts", name);
        using var marker = new Marker();
        await using var pool = await StartAsync(name, workers: 1);
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await pool.WaitForIdleWorkers(1);
        using (var cancellation = new CancellationTokenSource())
        {
            var cancelled = pool.ExecuteAsync("hang", new { marker = marker.Path }, cancellationToken: cancellation.Token);
            await marker.WrittenAsync();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.InTime());
        }

        await Eventually.True(() => pool.GetStatistics().Interruptions == 1, "the interruption is counted");
        var reasons = restarts.ReadBy("snakepit.worker.restart.reason");
        Assert.Equal((1, 0, 1), (reasons["lost"], reasons["recycled"], reasons["interrupted"]));
    }

    [PythonFact]
    public async Task The_duration_of_each_call_is_measured_with_what_it_has_failed_by()
    {
        var name = UniqueName();
        using var durations = new Measured<double>("snakepit.call.duration", name);
        await using var pool = await StartAsync(name, workers: 1);
        await pool.ExecuteAsync("slow_call", new { ms = 20 }).InTime();
        await pool.ExecuteAsync<int>("pid").InTime();
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("raise_os_error").InTime());
        await Assert.ThrowsAsync<UnknownToolException>(() => pool.ExecuteAsync($"no tool of {name}").InTime());
        await Assert.ThrowsAsync<CallTimeoutException>(
            () => pool.ExecuteAsync("hang", options: new() { Timeout = TimeSpan.FromMilliseconds(50) }).InTime());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pool.ExecuteAsync("pid", cancellationToken: new CancellationToken(canceled: true)).InTime());
        await Assert.ThrowsAsync<PythonException>(
            () => pool.StreamAsync<int>("failing_generator", new { after = 1 }).ToListAsync().InTime());
        await foreach (var _ in pool.StreamAsync<int>("count", new { upto = 100 }))
        {
            break; // a consumer that leaves early is no failure
        }

        Assert.Equal(
            [
                ("slow_call", null),
                ("pid", null),
                ("raise_os_error", "FileNotFoundError"),
                ("_OTHER", "Snakepit.UnknownToolException"),
                ("hang", "Snakepit.CallTimeoutException"),
                ("pid", "System.OperationCanceledException"),
                ("failing_generator", "ValueError"),
                ("count", null),
            ],
            durations.All.Select(one => (one.Tags["rpc.method"] as string, one.Tags.GetValueOrDefault("error.type") as string)));
        Assert.InRange(durations.All[0].Value, 0.02, 20);
        Assert.InRange(durations.All[4].Value, 0.05, 20);
        var bounds = ((Histogram<double>)durations.Instrument!).Advice!.HistogramBucketBoundaries!;
        Assert.Equal((0.00005, 60), (bounds[0], bounds[^1]));
        Assert.Equal("s", durations.Instrument.Unit);
    }

    [PythonFact]
    public async Task The_time_in_the_queue_and_the_chunks_that_are_read_are_measured()
    {
        var name = UniqueName();
        using var waits = new Measured<double>("snakepit.call.queue_time", name);
        using var chunks = new Measured<long>("snakepit.stream.chunks", name);
        using var gate = new Marker();
        await using var pool = await StartAsync(name, workers: 1, queueLimit: 1);
        var first = pool.ExecuteAsync("until", new { gate = gate.Path });
        var second = pool.ExecuteAsync("pid");
        await Assert.ThrowsAsync<PoolSaturatedException>(() => pool.ExecuteAsync("pid").InTime()); // does not wait at all
        gate.Write();
        await Task.WhenAll(first, second).InTime();
        Assert.Equal([true, false], waits.All.Select(one => one.Value == 0));
        Assert.Equal(5, (await pool.StreamAsync<int>("count", new { upto = 5 }).ToListAsync().InTime()).Count);
        Assert.Equal(5, chunks.All.Sum(one => one.Value));
    }

    [PythonFact]
    public async Task Two_pools_of_one_name_are_measured_under_two_names_and_a_disposed_pool_no_more()
    {
        var name = UniqueName();
        using var first = new Measured<long>("snakepit.worker.limit", name);
        using var second = new Measured<long>("snakepit.worker.limit", $"{name}-2");
        await using (var one = await StartAsync(name, workers: 1))
        {
            await using (var two = await StartAsync(name, workers: 2))
            {
                Assert.Equal((name, $"{name}-2"), (one.Name, two.Name));
                Assert.Equal(1, Assert.Single(first.Read()).Value);
                Assert.Equal(2, Assert.Single(second.Read()).Value);
            }

            Assert.Empty(second.Read());
            await using var three = await StartAsync(name, workers: 3);
            Assert.Equal($"{name}-2", three.Name);
            Assert.Equal(3, Assert.Single(second.Read()).Value);
        }

        Assert.Empty(first.Read());
    }

    [PythonFact]
    public async Task A_pool_that_cannot_start_is_not_measured()
    {
        var name = UniqueName();
        using var limit = new Measured<long>("snakepit.worker.limit", name);
        var options = Probe.Over<T>() with { Adapter = "start_raises", Name = name };
        await Assert.ThrowsAnyAsync<PoolStartException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Empty(limit.Read());
    }

    [PythonTheory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_name_that_is_no_text_is_refused(string name)
    {
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => SnakepitPool.StartAsync(Probe.Over<T>() with { Name = name }).InTime());
        Assert.Contains("SnakepitOptions.Name", refused.Message, StringComparison.Ordinal);
    }

    private static string UniqueName() => $"metrics-{Guid.NewGuid():N}";

    private static Task<SnakepitPool> StartAsync(string name, int workers, int queueLimit = 100) =>
        SnakepitPool.StartAsync(Probe.Over<T>() with { Name = name, Workers = workers, QueueLimit = queueLimit }).InTime();
}

public sealed class MetricsOverGrpc : Metrics<OverGrpc>;

public sealed class MetricsOverDirect : Metrics<OverDirect>;
