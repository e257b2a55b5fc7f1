using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Workers that do not answer for a while; apart from <see cref="Heartbeats"/>, because it takes a while.</summary>
public sealed class MissedHeartbeats
{
    private static readonly SnakepitOptions Options = Probe.Options with { Workers = 1 };

    [PythonFact]
    public async Task A_worker_that_misses_a_few_heartbeats_and_then_answers_begins_anew()
    {
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(400), MaxMissed = 10 };
        await using var pool = await SnakepitPool.StartAsync(Options with { Heartbeat = heartbeat }).InTime();
        var worker = pool.ProcessIds()[0];
        for (var stop = 0; stop < 2; stop++)
        {
            // Seven or so of the ten each time: both together would be too many.
            Signals.Send(worker, OsProcess.Stop);
            await Task.Delay(7.5 * heartbeat.Interval);
            Signals.Send(worker, OsProcess.Continue);
            Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime()); // and before it the ping that it owed
            await Task.Delay(heartbeat.Interval);
        }

        Assert.Equal((worker, 0), (pool.ProcessIds()[0], pool.GetStatistics().Restarts));
    }

    [PythonFact]
    public async Task A_worker_that_cannot_even_list_its_tools_does_not_keep_who_asks()
    {
        using var log = new RecordedLog();
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMinutes(1) };
        var options = Options with { Heartbeat = heartbeat, CallTimeout = TimeSpan.FromSeconds(2), CancelGrace = TimeSpan.FromMilliseconds(300), LoggerFactory = log };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Signals.Send(pool.ProcessIds()[0], OsProcess.Stop);

        var late = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.ListToolsAsync().InTime());

        Assert.Equal(("", options.CallTimeout), (late.Tool, late.Timeout));
        Assert.Contains("within 2 s", late.Message, StringComparison.Ordinal);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "it is killed and replaced");
        await log.LineAsync("did not list its tools");
        Assert.NotEmpty(await pool.ListToolsAsync().InTime());
    }
}
