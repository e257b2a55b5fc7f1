using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests the one timer that checks all workers of a pool, also when workers or the pool end during a heartbeat.</summary>
public abstract class HeartbeatsOfManyWorkers<T>
    where T : ITestTransport
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly CountedTimers _time;

    protected HeartbeatsOfManyWorkers() => _time = new CountedTimers(_clock);

    // Without a template and without sessions that expire, which have timers of their own.
    private SnakepitOptions Options => Probe.Over<T>() with
    {
        WorkerStart = WorkerStart.Spawn,
        StartTimeout = TimeSpan.FromDays(1),
        TimeProvider = _time,
        Sessions = new() { IdleTimeout = Timeout.InfiniteTimeSpan },
        Heartbeat = new() { Interval = Interval, MaxMissed = 3 },
    };

    [PythonFact]
    public async Task One_timer_pings_all_64_workers()
    {
        const int Workers = 64;
        var options = Options with { Workers = Workers, WorkerStart = WorkerStart.Fork };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        for (var beat = 0; beat < 2; beat++)
        {
            var (frames, created) = (pool.GetStatistics().FramesExchanged, _time.Created);

            await BeatAsync(timers: 2);

            await Eventually.True(
                () => pool.GetStatistics().FramesExchanged == frames + (2 * Workers), "each worker was pinged once, and has answered");
            Assert.Equal(created + 2, _time.Created); // one for the next heartbeat of the workers, and one for that of the template
        }

        Assert.Equal((0, Workers), (pool.GetStatistics().Restarts, pool.GetStatistics().Count(WorkerState.Idle)));
    }

    [PythonFact]
    public async Task A_worker_that_hangs_is_killed_three_intervals_after_the_ping_that_it_does_not_answer()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var (hanging, healthy) = (pool.ProcessIds()[0], pool.ProcessIds()[1]);
        Signals.Send(hanging, OsProcess.SigStop);
        await BeatAndAnswerAsync(frames: 3); // two pings, and the answer of the healthy worker
        await BeatAndAnswerAsync(frames: 2);
        await BeatAndAnswerAsync(frames: 2);
        Assert.True(OsProcess.IsAlive(hanging));

        await BeatAsync();

        await OsProcess.Gone(hanging);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(2);
        Assert.Contains(healthy, pool.ProcessIds());

        // The clock of the pool stands still meanwhile, so the healthy worker has as much time as it needs.
        async Task BeatAndAnswerAsync(int frames)
        {
            var before = pool.GetStatistics().FramesExchanged;
            await BeatAsync();
            await Eventually.True(() => pool.GetStatistics().FramesExchanged == before + frames, "the healthy worker has answered");
        }
    }

    [PythonFact]
    public async Task A_worker_that_dies_while_it_owes_an_answer_is_replaced_and_its_successor_is_pinged()
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options with { LoggerFactory = log }).InTime();
        var dying = pool.ProcessIds()[0];
        Signals.Send(dying, OsProcess.SigStop);
        await BeatAsync();

        OsProcess.Kill(dying);

        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(2);
        var frames = pool.GetStatistics().FramesExchanged;
        await BeatAsync();
        await Eventually.True(() => pool.GetStatistics().FramesExchanged == frames + 4, "both workers were pinged, and have answered");
        Assert.DoesNotContain(log.Records, record => record.Message.Contains("has missed", StringComparison.Ordinal));
    }

    [PythonFact]
    public async Task A_pool_that_is_disposed_while_pings_are_unanswered_leaves_no_timer_and_no_process()
    {
        var trace = new ProcessTrace();
        var time = new CountedTimers(TimeProvider.System);
        var options = trace.Tag(Options) with
        {
            TimeProvider = time,
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(20), MaxMissed = 1_000_000 },
            DrainTimeout = TimeSpan.FromMilliseconds(100),
            TerminateTimeout = TimeSpan.FromMilliseconds(100),
        };
        var pool = await SnakepitPool.StartAsync(options).InTime();
        foreach (var worker in pool.ProcessIds())
        {
            Signals.Send(worker, OsProcess.SigStop);
        }

        await Task.Delay(200);
        await pool.DisposeAsync().InTime();

        Assert.Equal(0, time.Alive);
        await trace.WaitUntilNothingIsLeft();
    }

    [PythonFact]
    public async Task Workers_that_die_and_start_between_many_heartbeats_are_never_taken_for_hanging()
    {
        using var log = new RecordedLog();
        var options = Options with
        {
            Workers = 4,
            WorkerStart = WorkerStart.Fork,
            TimeProvider = TimeProvider.System,
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(10), MaxMissed = 1_000 },
            LoggerFactory = log,
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        for (var kill = 1; kill <= 20; kill++)
        {
            OsProcess.Kill(pool.ProcessIds()[kill % 4]);
            await Eventually.True(() => pool.GetStatistics().Restarts == kill, "the worker was lost and counted as a restart");
            await pool.WaitForIdleWorkers(4);
        }

        Assert.DoesNotContain(log.Records, record => record.Message.Contains("has missed", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Records, record => record.Level >= LogLevel.Error);
    }

    /// <summary>Lets one interval pass, and waits until the heartbeat is over.</summary>
    private async Task BeatAsync(int timers = 1)
    {
        var created = _time.Created;
        _clock.Advance(Interval);
        await Eventually.True(() => _time.Created >= created + timers, "the timer of the next heartbeat is set");
    }
}

public sealed class HeartbeatsOfManyWorkersOverGrpc : HeartbeatsOfManyWorkers<OverGrpc>;

public sealed class HeartbeatsOfManyWorkersOverDirect : HeartbeatsOfManyWorkers<OverDirect>;
