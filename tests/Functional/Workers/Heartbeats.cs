using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

public sealed class Heartbeats
{
    private static readonly SnakepitOptions Options =
        Probe.Options with { Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(100), Missed = 3 } };

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_idle_worker_that_was_stopped_is_replaced(WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start, LoggerFactory = log }).InTime();
        var stopped = pool.ProcessIds()[0];

        Signals.Send(stopped, OsProcess.Stop);

        await OsProcess.Gone(stopped);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the loss is noticed");
        await pool.IsAtFullStrength(2);
        await log.LineAsync("has missed 3 heartbeats");
    }

    [PythonFact]
    public async Task A_busy_worker_that_was_stopped_is_replaced_although_its_call_has_no_limit()
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path }, new() { Timeout = Timeout.InfiniteTimeSpan });
        await marker.WrittenAsync();

        Signals.Send(Assert.Single(pool.GetStatistics().Workers, worker => worker.CallsInFlight > 0).ProcessId, OsProcess.Stop);

        await Assert.ThrowsAsync<WorkerLostException>(() => call.InTime());
        await pool.IsAtFullStrength(2);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_was_stopped_while_it_starts_is_replaced(WorkerStart start)
    {
        using var marker = new Marker();
        var options = Options with
        {
            Adapter = "first_starts_at_once",
            WorkerStart = start,
            MinimumReadyWorkers = 1,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_DIRECTORY"] = Path.GetDirectoryName(marker.Path)! },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        WorkerStatistics? starting = null;
        await Eventually.True(
            () => (starting = pool.GetStatistics().Workers.SingleOrDefault(worker => worker is { State: WorkerState.Starting, ProcessId: > 0 })) is not null, "the other one starts");

        Signals.Send(starting!.ProcessId, OsProcess.Stop);

        await OsProcess.Gone(starting.ProcessId);
        await File.WriteAllTextAsync(marker.At("open"), "");
        await pool.IsAtFullStrength(2);
    }

    [PythonTheory]
    [InlineData("slow_call")]
    [InlineData("hold_the_gil")]
    public async Task A_worker_that_is_busy_for_many_heartbeats_is_left_alone(string tool)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1 }).InTime();
        await pool.ExecuteAsync(tool, new { ms = 1500 }).InTime(); // fifteen heartbeats
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task Idle_workers_that_answer_live_on()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(50), Missed = 100 } }).InTime();
        var before = pool.ProcessIds();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async turn =>
        {
            await Task.Delay(turn * 50);
            await pool.ExecuteAsync("pid");
        })).InTime();
        Assert.Equal(before, pool.ProcessIds());
    }
}
