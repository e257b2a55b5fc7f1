using Microsoft.Extensions.Time.Testing;
using Snakepit.Scheduling;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests recycling: the planned replacement of workers that have reached a limit of calls, memory or age.</summary>
public sealed class Recycling
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_is_replaced_after_its_maximum_number_of_calls_and_the_pool_keeps_its_size(WorkerStart start)
    {
        var trace = new ProcessTrace();
        using var log = new RecordedLog();
        var options = Probe.Options with { WorkerStart = start, LoggerFactory = log, Recycling = new() { MaxCalls = 20, Jitter = 0 } };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var processes = new HashSet<int>();
        var calls = 0;
        for (; calls < 200 || pool.GetStatistics().Recycles < 3; calls++)
        {
            Assert.InRange(calls, 0, 100_000);
            processes.Add(await pool.ExecuteAsync<int>("pid").InTime());
            var ready = pool.GetStatistics().Workers.Count(worker => worker.State is WorkerState.Idle or WorkerState.Busy);
            Assert.InRange(ready, 2, 3); // never fewer than the pool's 2 workers: a worker leaves when its successor is ready
        }

        await Eventually.True(() => pool.GetStatistics().Workers.Length == 2, "all recycled workers have left the pool");
        Assert.True(processes.Count > 2, $"{processes.Count} processes");
        await pool.WaitForIdleWorkers(2);
        var statistics = pool.GetStatistics();
        Assert.Equal((0, calls, 0), (statistics.Restarts, statistics.Calls.Succeeded, statistics.Calls.Failed));
        await log.WaitForLineAsync("it has served 20 calls");
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PythonFact]
    public async Task A_worker_is_replaced_when_its_own_process_holds_too_much_memory()
    {
        var options = Probe.Showcase with
        {
            Workers = 1,
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(50), MaxMissed = 100 },
            Recycling = new() { MaxMemoryBytes = 200 * 1024 * 1024 },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var before = pool.ProcessIds()[0];
        await pool.ExecuteAsync("allocate", new { mb = 50, hold = true }).InTime();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => pool.ExecuteAsync("sleep", new { ms = 50 }))).InTime();
        Assert.Equal(before, pool.ProcessIds()[0]); // the 50 MB that the worker holds are below the limit

        await pool.ExecuteAsync("allocate", new { mb = 200, hold = true }).InTime();

        await OsProcess.Gone(before);
        await pool.WaitForIdleWorkers(1);
        Assert.Equal((1, 0), (pool.GetStatistics().Recycles, pool.GetStatistics().Restarts));
    }

    [PythonFact]
    public async Task A_worker_that_reaches_its_maximum_age_finishes_its_call_and_is_replaced()
    {
        using var gate = new Marker();
        var time = new FakeTimeProvider(); // on a slow machine, a real clock could make the pool recycle the worker before the call
        var options = Probe.Options with
        {
            Workers = 1,
            TimeProvider = time,
            StartTimeout = TimeSpan.FromDays(1),
            CallTimeout = Timeout.InfiniteTimeSpan,
            Heartbeat = new() { MaxMissed = 1_000_000 },
            Recycling = new() { MaxAge = TimeSpan.FromMinutes(1), Jitter = 0 },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var old = pool.ProcessIds()[0];
        var call = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        await Eventually.True(
            () =>
            {
                time.Advance(options.Heartbeat.Interval);
                return pool.GetStatistics().Count(WorkerState.Draining) == 1;
            },
            "the old worker takes no more calls");
        Assert.NotEqual(old, await pool.ExecuteAsync<int>("pid").InTime());
        Assert.True(OsProcess.IsAlive(old));
        gate.Write();

        Assert.Equal("opened", await call.InTime());
        await OsProcess.Gone(old);
    }

    [PythonFact]
    public async Task Recycling_under_load_loses_no_call_and_keeps_the_size_of_the_pool()
    {
        const int Workers = 4;
        var options = Probe.Options with
        {
            Workers = Workers,
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(50), MaxMissed = 100 },
            Recycling = new() { MaxCalls = 200, MaxAge = TimeSpan.FromSeconds(1) },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var sizes = new HashSet<int>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < 200 || pool.GetStatistics().Recycles < 10; call++)
            {
                var given = (caller * 1_000_000) + call;
                Assert.Equal(given, await pool.ExecuteAsync<int>("value", new { given }));
                if (call % 10 == 0)
                {
                    Assert.Equal([0, 1, 2, 3, 4], await pool.StreamAsync<int>("count", new { upto = 5 }).ToListAsync());
                    lock (sizes)
                    {
                        sizes.Add(pool.GetStatistics().Workers.Count(worker => worker.State is WorkerState.Idle or WorkerState.Busy));
                    }
                }
            }
        }))).InTime();

        Assert.All(sizes, size => Assert.InRange(size, Workers, Workers + 1));
        await Eventually.True(
            () => pool.GetStatistics() is var now && now.Workers.Length <= Workers + 1 && now.Count(WorkerState.Draining) == 0,
            "all recycled workers have left the pool");
        var calls = pool.GetStatistics().Calls;
        Assert.Equal((calls.Started, 0), (calls.Succeeded, pool.GetStatistics().Restarts));
    }

    [PythonFact]
    public async Task Workers_of_the_same_age_are_replaced_one_after_another()
    {
        var options = Probe.Options with
        {
            Workers = 4,
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(50), MaxMissed = 100 },
            Recycling = new() { MaxAge = TimeSpan.FromMilliseconds(500), Jitter = 0 },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var old = pool.ProcessIds();

        await Task.WhenAll(old.Select(worker => OsProcess.Gone(worker)));

        Assert.InRange(pool.GetStatistics().Count(WorkerState.Idle), 4, 5);
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_session_reports_that_its_worker_was_recycled()
    {
        var options = Probe.Options with { Workers = 1, Recycling = new() { MaxCalls = 5, Jitter = 0 } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var session = pool.OpenSession("one", AffinityMode.Wait);
        for (var call = 0; call < 5; call++)
        {
            await session.ExecuteAsync("session_add").InTime();
        }

        await Eventually.True(() => pool.GetStatistics().Recycles > 0, "the worker was recycled");
        var lost = await Assert.ThrowsAsync<SessionLostException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Equal(SessionLoss.WorkerRecycled, lost.Reason);
    }

    [PythonFact]
    public async Task A_worker_that_dies_while_its_successor_starts_is_not_replaced_twice()
    {
        var options = Probe.Options with { Recycling = new() { MaxCalls = 1, Jitter = 0 } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        for (var round = 0; round < 10; round++)
        {
            await Assert.ThrowsAsync<WorkerLostException>(() => Task.WhenAll(
                pool.ExecuteAsync("pid"), pool.ExecuteAsync("print_and_exit", new { status = 1 }), pool.ExecuteAsync("pid")).InTime());
        }

        await pool.WaitForIdleWorkers(2);
    }

    [PythonFact]
    public async Task A_worker_that_crashes_while_its_successor_starts_is_counted_and_logged()
    {
        using var flag = new Marker();
        using var log = new RecordedLog();
        var options = Probe.Options with
        {
            Adapter = "hangs_without_flag",
            Workers = 1,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = flag.Path },
            Recycling = new() { MaxCalls = 1, Jitter = 0 },
        };
        flag.Write();
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var old = pool.ProcessIds()[0];
        File.Delete(flag.Path); // the successor hangs in its start until this file exists again
        await pool.ExecuteAsync("ping").InTime();
        await log.WaitForLineAsync("hangs in start");

        OsProcess.Kill(old);

        Assert.Contains("signal 9", (await log.WaitForLineAsync("was lost while it was being replaced")).Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (pool.GetStatistics().Restarts, pool.GetStatistics().Recycles));
        flag.Write();
        OsProcess.Kill(Assert.Single(pool.ProcessIds()));
        await pool.WaitForIdleWorkers(1); // waits until the next successor has finished its start
    }

    [Fact]
    public void Jitter_spreads_the_limits_so_that_workers_are_not_recycled_together()
    {
        var options = new RecyclingOptions { MaxCalls = 1_000, Jitter = 0.1 };
        var limits = Enumerable.Range(1, 16).Select(worker =>
        {
            var policy = new RecyclePolicy(options, worker);
            return Enumerable.Range(1, 1_000).First(calls => policy.AfterCalls(calls) is not null);
        }).ToList();
        Assert.All(limits, limit => Assert.InRange(limit, 900, 1_000));
        Assert.True(limits.Distinct().Count() == 16, string.Join(", ", limits));
    }

    [Fact]
    public void No_worker_is_recycled_by_default()
    {
        var policy = new RecyclePolicy(new RecyclingOptions(), worker: 1);
        Assert.Null(policy.AfterCalls(long.MaxValue - 1));
        Assert.Null(policy.AtAge(TimeSpan.FromDays(1_000), long.MaxValue));
        Assert.False(policy.LimitsMemory);
    }
}
