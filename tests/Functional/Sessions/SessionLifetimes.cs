using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Sessions;

/// <summary>Tests how sessions of a pool end: by disposal, by expiry, with their worker or with their pool.</summary>
public abstract class SessionLifetimes<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task Ending_a_session_refuses_its_queued_calls_and_lets_the_running_one_finish()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var waiting = session.ExecuteAsync("session_add");

        await session.DisposeAsync();

        Assert.Equal(SessionLoss.Ended, (await Assert.ThrowsAsync<SessionLostException>(() => waiting.InTime())).Reason);
        gate.Write();
        Assert.Equal(1, (await held.InTime()).Total);
        Assert.Equal(0, pool.GetStatistics().QueueLength);
    }

    [PythonFact]
    public async Task A_session_that_is_opened_again_never_sees_the_state_of_the_ended_one()
    {
        await using var pool = await StartAsync(workers: 1);
        for (var round = 0; round < 300; round++)
        {
            // The session ends at about the moment when the pool gives the session's queued call to the worker.
            var session = pool.OpenSession("one", AffinityMode.Wait);
            var busy = pool.ExecuteAsync("pid");
            var last = session.ExecuteAsync<SessionTotal>("session_add");
            await busy.InTime();
            await session.DisposeAsync();
            await using var anew = pool.OpenSession("one", AffinityMode.Wait);
            Assert.Equal(1, (await anew.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
            Assert.Equal(2, (await anew.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
            await ((Task)last.InTime()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [PythonTheory]
    [InlineData(AffinityMode.Wait)]
    [InlineData(AffinityMode.FailFast)]
    public async Task Calls_of_a_session_whose_worker_died_fail_until_the_session_is_opened_again(AffinityMode mode)
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var session = pool.OpenSession("one", mode);
        var home = await session.ExecuteAsync<SessionTotal>("session_add").InTime();
        var running = session.ExecuteAsync("until", new { gate = gate.Path, marker = gate.At("running") }, new() { Idempotent = true });
        await gate.WrittenAsync("running");
        var waiting = mode == AffinityMode.Wait ? session.ExecuteAsync("session_add") : null;

        OsProcess.Kill(home.Pid);

        // The call is not retried although it is idempotent, because another worker does not have the state of the session.
        await Assert.ThrowsAsync<WorkerLostException>(() => running.InTime());
        if (waiting is not null)
        {
            Assert.Equal(SessionLoss.WorkerLost, (await Assert.ThrowsAsync<SessionLostException>(() => waiting.InTime())).Reason);
        }

        var lost = await Assert.ThrowsAsync<SessionLostException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Equal((SessionLoss.WorkerLost, SessionLoss.WorkerLost), (lost.Reason, session.Loss));
        await using var anew = pool.OpenSession("one", mode);
        Assert.Equal(1, (await anew.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
    }

    [PythonFact]
    public async Task A_session_that_prefers_its_worker_goes_on_with_empty_state_after_the_worker_died_and_reports_the_loss()
    {
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one");
        var home = await session.ExecuteAsync<SessionTotal>("session_add").InTime();
        OsProcess.Kill(home.Pid);
        await Eventually.True(() => session.Loss is not null, "the session knows that its worker was lost");

        Assert.Equal((SessionLoss.WorkerLost, null), (session.Loss, session.Worker));
        Assert.Equal(1, (await session.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
        Assert.Equal(2, (await session.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
    }

    [PythonFact]
    public async Task An_unused_session_expires_and_its_state_is_removed_from_python()
    {
        var options = Probe.Over<T>() with { Workers = 1, Sessions = new() { IdleTimeout = TimeSpan.FromMilliseconds(300) } };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var session = pool.OpenSession("one", AffinityMode.Prefer);
        await session.ExecuteAsync("session_add").InTime();
        await Eventually.True(() => pool.GetStatistics().Sessions == 0, "the session has expired");

        var expired = await Assert.ThrowsAsync<SessionLostException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Equal(SessionLoss.Expired, expired.Reason);
        Assert.Contains("IdleTimeout", expired.Message, StringComparison.Ordinal);
        await using var anew = pool.OpenSession("one");
        Assert.Empty((await anew.ExecuteAsync<SessionInfo>("session_of").InTime()).State);
    }

    [PythonFact]
    public async Task A_session_with_a_running_call_does_not_expire()
    {
        using var gate = new Marker();
        var idle = TimeSpan.FromMilliseconds(100);
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Sessions = new() { IdleTimeout = idle } }).InTime();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        await using var other = pool.OpenSession("other", AffinityMode.Wait);
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        await Eventually.True(() => pool.GetStatistics().Sessions == 1, "the other session has expired");
        gate.Write();
        Assert.Equal(1, (await held.InTime()).Total);
    }

    [PythonFact]
    public async Task Sessions_over_the_limit_are_refused_until_another_session_ends()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, Sessions = new() { Limit = 3 } }).InTime();
        var sessions = Enumerable.Range(0, 3).Select(number => pool.OpenSession($"{number}")).ToList();
        Assert.Equal(10_000, new SessionOptions().Limit);
        var refused = Assert.Throws<SessionLimitException>(() => pool.OpenSession("3"));
        Assert.Equal((3, true), (refused.Limit, refused.IsTransient));
        Assert.Equal("0", pool.OpenSession("0").Key); // the session "0" is open already, so this adds no session
        await sessions[1].DisposeAsync();
        Assert.Equal("3", pool.OpenSession("3").Key);
    }

    [PythonFact]
    public async Task A_disposed_pool_refuses_new_sessions_and_calls_of_open_ones()
    {
        var pool = await StartAsync(workers: 1);
        var session = pool.OpenSession("one");
        await pool.DisposeAsync().InTime();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Throws<ObjectDisposedException>(() => pool.OpenSession("two"));
        await session.DisposeAsync();
    }

    private static Task<SnakepitPool> StartAsync(int workers = 2) =>
        SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = workers }).InTime();
}

public sealed class SessionLifetimesOverGrpc : SessionLifetimes<OverGrpc>;

public sealed class SessionLifetimesOverDirect : SessionLifetimes<OverDirect>;
