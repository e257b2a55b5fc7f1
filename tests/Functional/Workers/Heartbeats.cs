using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that workers that do not answer heartbeats are replaced, and that busy workers are not.</summary>
public sealed class Heartbeats
{
    private static readonly SnakepitOptions Options =
        Probe.Options with { Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(100), MaxMissed = 3 } };

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_idle_worker_that_is_suspended_is_replaced(WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start, LoggerFactory = log }).InTime();
        var stopped = pool.ProcessIds()[0];

        Signals.Send(stopped, OsProcess.SigStop);

        await OsProcess.Gone(stopped);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(2);
        await log.WaitForLineAsync("has missed 3 heartbeats");
    }

    [PythonFact]
    public async Task An_idle_worker_that_runs_but_does_not_answer_is_replaced()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1, LoggerFactory = log }).InTime();
        var silent = pool.ProcessIds()[0];
        await pool.ExecuteAsync("hold_the_gil_later", new { gate = marker.Path }).InTime();
        Assert.Equal(0, pool.GetStatistics().Restarts);

        marker.Write();

        await OsProcess.Gone(silent);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(1);
        await log.WaitForLineAsync("has missed 3 heartbeats");
    }

    [PythonFact]
    public async Task An_idle_worker_whose_event_loop_is_blocked_by_a_leftover_task_is_replaced()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { Adapter = "concurrent_probe", Workers = 1 }).InTime();
        var blocked = pool.ProcessIds()[0];
        await pool.ExecuteAsync("block_the_loop_later", new { gate = marker.Path }).InTime();
        Assert.Equal(0, pool.GetStatistics().Restarts);

        marker.Write();

        await OsProcess.Gone(blocked);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(1);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_busy_worker_that_is_suspended_is_replaced_and_its_caller_is_told_why(WorkerStart start)
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start }).InTime();
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path }, new() { Timeout = Timeout.InfiniteTimeSpan });
        await marker.WrittenAsync();

        Signals.Send(Assert.Single(pool.GetStatistics().Workers, worker => worker.CallsInFlight > 0).ProcessId, OsProcess.SigStop);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => call.InTime());
        Assert.Contains(
            "SIGKILL: sent by this pool, because the worker had missed 3 heartbeats: a signal had suspended it",
            lost.Message,
            StringComparison.Ordinal);
        await pool.WaitForIdleWorkers(2);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_is_suspended_while_it_starts_is_replaced_long_before_the_start_timeout(WorkerStart start)
    {
        using var flag = new Marker();
        using var log = new RecordedLog();
        var options = Options with
        {
            Adapter = "stops_while_flag",
            WorkerStart = start,
            StartTimeout = 3 * Eventually.Patience,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = flag.Path },
            LoggerFactory = log,
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        flag.Write();

        OsProcess.Kill(pool.ProcessIds()[0]);

        await log.WaitForLineAsync("has missed 3 heartbeats");
        await pool.WaitForIdleWorkers(2);
        Assert.False(flag.IsWritten);
    }

    [PythonTheory]
    [InlineData("slow_call")]
    [InlineData("hold_the_gil")]
    public async Task A_worker_that_is_busy_for_many_heartbeats_is_not_replaced(string tool)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1 }).InTime();
        await pool.ExecuteAsync(tool, new { ms = 1500 }).InTime(); // in milliseconds, as long as fifteen heartbeat intervals
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task Idle_workers_that_answer_are_not_replaced()
    {
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(50), MaxMissed = 100 };
        await using var pool = await SnakepitPool.StartAsync(Options with { Heartbeat = heartbeat }).InTime();
        var before = pool.ProcessIds();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async turn =>
        {
            await Task.Delay(turn * 50);
            await pool.ExecuteAsync("pid");
        })).InTime();
        Assert.Equal(before, pool.ProcessIds());
    }
}
