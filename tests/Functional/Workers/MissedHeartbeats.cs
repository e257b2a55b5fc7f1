using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests workers that do not answer for a while. These tests take several seconds. They are in a class of their own so that xUnit runs them
/// at the same time as the tests in <see cref="Heartbeats"/>.
/// </summary>
public sealed class MissedHeartbeats
{
    private static readonly SnakepitOptions Options = Probe.Options with { Workers = 1 };

    [PythonFact]
    public async Task An_answer_resets_the_count_of_missed_heartbeats()
    {
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(400), MaxMissed = 10 };
        await using var pool = await SnakepitPool.StartAsync(Options with { Heartbeat = heartbeat }).InTime();
        var worker = pool.ProcessIds()[0];
        for (var stop = 0; stop < 2; stop++)
        {
            // The worker misses about seven heartbeats during each suspension, and is replaced when it has missed ten. If the answer
            // between the two suspensions did not reset the count, the worker would be replaced during the second one.
            Signals.Send(worker, OsProcess.SigStop);
            await Task.Delay(7.5 * heartbeat.Interval);
            Signals.Send(worker, OsProcess.SigCont);
            Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime()); // the worker answers a pending heartbeat before this call
            await Task.Delay(heartbeat.Interval);
        }

        Assert.Equal((worker, 0), (pool.ProcessIds()[0], pool.GetStatistics().Restarts));
    }

    [PythonFact]
    public async Task Listing_the_tools_of_a_worker_that_does_not_answer_times_out_and_replaces_the_worker()
    {
        using var log = new RecordedLog();
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMinutes(1) };
        var options = Options with
        {
            Heartbeat = heartbeat,
            CallTimeout = TimeSpan.FromSeconds(2),
            CancelGrace = TimeSpan.FromMilliseconds(300),
            LoggerFactory = log,
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Signals.Send(pool.ProcessIds()[0], OsProcess.SigStop);

        var late = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.ListToolsAsync().InTime());

        Assert.Equal(("", options.CallTimeout), (late.Tool, late.Timeout));
        Assert.Contains("within 2 s", late.Message, StringComparison.Ordinal);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker is killed and replaced");
        await log.WaitForLineAsync("did not list its tools");
        Assert.NotEmpty(await pool.ListToolsAsync().InTime());
    }
}
