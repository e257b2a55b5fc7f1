using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Sessions;

public abstract class SessionCalls<T>
    where T : IOver
{
    private sealed record Info(string Key, bool Home, Dictionary<string, int> State);

    private sealed record Count(int Total, int Pid);

    [PythonFact]
    public async Task A_sessions_key_and_state_reach_python_and_stay_from_call_to_call()
    {
        await using var pool = await StartAsync();
        await using var ada = pool.OpenSession("ada", AffinityMode.Wait);
        await using var bob = pool.OpenSession("bob");
        Assert.Null(ada.Worker);

        for (var total = 1; total <= 5; total++)
        {
            Assert.Equal(total, (await ada.ExecuteAsync<Count>("session_add").InTime()).Total);
        }

        var info = await ada.ExecuteAsync<Info>("session_of").InTime();
        Assert.Equal(("ada", true, 5), (info.Key, info.Home, info.State["total"]));
        Assert.Empty((await bob.ExecuteAsync<Info>("session_of").InTime()).State);
        Assert.Null(await pool.ExecuteAsync<Info?>("session_of").InTime());
        Assert.NotNull(ada.Worker);
        Assert.Equal(2, pool.GetStatistics().Sessions);
    }

    [PythonTheory]
    [InlineData(" ключ 🐍 \"quoted\" ; DROP\t\0")]
    [InlineData("../../etc/passwd")]
    public async Task A_key_may_be_any_text(string key)
    {
        await using var pool = await StartAsync(workers: 1);
        await using var session = pool.OpenSession(key);
        Assert.Equal(key, (await session.ExecuteAsync<Info>("session_of").InTime()).Key);
    }

    [PythonFact]
    public async Task A_key_that_cannot_be_one_is_refused_with_the_rule()
    {
        await using var pool = await StartAsync(workers: 1);
        foreach (var key in new[] { "", "  ", new string('k', 1_000_000), "\ud800" })
        {
            var refused = Assert.Throws<ArgumentException>(() => pool.OpenSession(key));
            Assert.Contains("1 to 1,024 bytes", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Length, 1, 300);
        }

        Assert.Throws<ArgumentNullException>(() => pool.OpenSession(null!));
        Assert.Equal(0, pool.GetStatistics().Sessions);
    }

    [PythonFact]
    public async Task A_session_that_waits_runs_on_its_worker_only_and_in_order()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var waiting = Enumerable.Range(0, 5).Select(_ => session.ExecuteAsync<Count>("session_add")).ToList();
        Assert.NotEqual(0, await pool.ExecuteAsync<int>("pid").InTime()); // the other worker is free for everybody else
        Assert.Equal(5, pool.GetStatistics().QueueLength);
        gate.Write();

        var home = await held.InTime();
        var counts = await Task.WhenAll(waiting).InTime();
        Assert.All(counts, count => Assert.Equal(home.Pid, count.Pid));
        Assert.Equal([2, 3, 4, 5, 6], counts.Select(count => count.Total));
    }

    [PythonFact]
    public async Task First_calls_that_all_have_to_wait_end_up_on_one_worker()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var busy = Enumerable.Range(0, 2).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToList();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var waiting = Enumerable.Range(0, 20).Select(_ => session.ExecuteAsync<Count>("session_add")).ToList();
        gate.Write();

        var counts = await Task.WhenAll(waiting).InTime();
        await Task.WhenAll(busy).InTime();
        Assert.Equal(Enumerable.Range(1, 20), counts.Select(count => count.Total));
        Assert.Single(counts.DistinctBy(count => count.Pid));
    }

    [PythonFact]
    public async Task A_session_that_prefers_its_worker_goes_elsewhere_without_its_state_when_that_is_busy()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one");
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var elsewhere = await session.ExecuteAsync<Count>("session_add").InTime();
        var info = await session.ExecuteAsync<Info>("session_of").InTime();
        gate.Write();
        var home = await held.InTime();
        var again = await session.ExecuteAsync<Count>("session_add").InTime();

        Assert.NotEqual(home.Pid, elsewhere.Pid);
        Assert.Equal((1, false, 0), (elsewhere.Total, info.Home, info.State.Count)); // what it left there is forgotten
        Assert.Equal((home.Pid, 2), (again.Pid, again.Total));
        Assert.Null(session.Loss);
    }

    [PythonFact]
    public async Task A_session_that_fails_fast_never_waits()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.FailFast);
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var busy = await Assert.ThrowsAsync<SessionBusyException>(() => session.ExecuteAsync("session_add").InTime());
        await Assert.ThrowsAsync<SessionBusyException>(() => session.StreamAsync<int>("session_stream", new { upto = 1 }).ToListAsync().InTime());
        Assert.Equal(("one", true), (busy.Key, busy.IsTransient));
        gate.Write();
        await held.InTime();
        Assert.Equal(2, (await session.ExecuteAsync<Count>("session_add").InTime()).Total);
        Assert.Equal((4, 2, 2), (pool.GetStatistics().Calls.Started, pool.GetStatistics().Calls.Succeeded, pool.GetStatistics().Calls.Rejected));
    }

    [PythonFact]
    public async Task Streams_obey_affinity_and_queue_like_calls()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var stream = session.StreamAsync<int>("session_stream", new { upto = 3 }).ToListAsync();
        await Eventually.True(() => pool.GetStatistics().QueueLength == 1, "the stream waits");
        gate.Write();

        await held.InTime();
        Assert.Equal([2, 3, 4], await stream.InTime());
    }

    [PythonFact]
    public async Task Handles_of_the_same_key_are_the_same_session()
    {
        await using var pool = await StartAsync();
        var first = pool.OpenSession("one", AffinityMode.Wait);
        var second = pool.OpenSession("one", AffinityMode.Wait);
        await first.ExecuteAsync("session_add").InTime();
        Assert.Equal(2, (await second.ExecuteAsync<Count>("session_add").InTime()).Total);
        var refused = Assert.Throws<ArgumentException>(() => pool.OpenSession("one", AffinityMode.FailFast));
        Assert.Contains("is open with AffinityMode.Wait", refused.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await first.DisposeAsync();

        var over = await Assert.ThrowsAsync<SessionLostException>(() => second.ExecuteAsync("session_add").InTime());
        Assert.Equal(("one", SessionLoss.Ended), (over.Key, over.Reason));
        await using var anew = pool.OpenSession("one", AffinityMode.FailFast);
        Assert.Equal(1, (await anew.ExecuteAsync<Count>("session_add").InTime()).Total);
    }

    [PythonFact]
    public async Task Ending_a_session_refuses_its_waiting_calls_and_lets_the_running_one_end()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var waiting = session.ExecuteAsync("session_add");

        await session.DisposeAsync();

        Assert.Equal(SessionLoss.Ended, (await Assert.ThrowsAsync<SessionLostException>(() => waiting.InTime())).Reason);
        gate.Write();
        Assert.Equal(1, (await held.InTime()).Total);
        Assert.Equal(0, pool.GetStatistics().QueueLength);
    }

    [PythonFact]
    public async Task A_session_that_is_opened_again_never_sees_what_the_one_before_it_has_left()
    {
        await using var pool = await StartAsync(workers: 1);
        for (var round = 0; round < 300; round++)
        {
            // The first session ends at about the time when the worker gets its waiting call.
            var session = pool.OpenSession("one", AffinityMode.Wait);
            var busy = pool.ExecuteAsync("pid");
            var last = session.ExecuteAsync<Count>("session_add");
            await busy.InTime();
            await session.DisposeAsync();
            await using var anew = pool.OpenSession("one", AffinityMode.Wait);
            Assert.Equal(1, (await anew.ExecuteAsync<Count>("session_add").InTime()).Total);
            Assert.Equal(2, (await anew.ExecuteAsync<Count>("session_add").InTime()).Total);
            await ((Task)last.InTime()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [PythonTheory]
    [InlineData(AffinityMode.Wait)]
    [InlineData(AffinityMode.FailFast)]
    public async Task A_session_whose_worker_dies_tells_every_caller_and_begins_anew_when_it_is_opened_again(AffinityMode mode)
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var session = pool.OpenSession("one", mode);
        var home = await session.ExecuteAsync<Count>("session_add").InTime();
        var running = session.ExecuteAsync("until", new { gate = gate.Path, marker = gate.At("running") }, new() { Idempotent = true });
        await gate.WrittenAsync("running");
        var waiting = mode == AffinityMode.Wait ? session.ExecuteAsync("session_add") : null;

        OsProcess.Kill(home.Pid);

        await Assert.ThrowsAsync<WorkerLostException>(() => running.InTime()); // not repeated: elsewhere it would mean something else
        if (waiting is not null)
        {
            Assert.Equal(SessionLoss.WorkerLost, (await Assert.ThrowsAsync<SessionLostException>(() => waiting.InTime())).Reason);
        }

        var lost = await Assert.ThrowsAsync<SessionLostException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Equal((SessionLoss.WorkerLost, SessionLoss.WorkerLost), (lost.Reason, session.Loss));
        await using var anew = pool.OpenSession("one", mode);
        Assert.Equal(1, (await anew.ExecuteAsync<Count>("session_add").InTime()).Total);
    }

    [PythonFact]
    public async Task A_session_that_prefers_its_worker_goes_on_after_its_end_with_an_empty_state_and_says_so()
    {
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one");
        var home = await session.ExecuteAsync<Count>("session_add").InTime();
        OsProcess.Kill(home.Pid);
        await Eventually.True(() => session.Loss is not null, "the loss is known");

        Assert.Equal((SessionLoss.WorkerLost, null), (session.Loss, session.Worker));
        Assert.Equal(1, (await session.ExecuteAsync<Count>("session_add").InTime()).Total);
        Assert.Equal(2, (await session.ExecuteAsync<Count>("session_add").InTime()).Total);
    }

    [PythonFact]
    public async Task A_session_that_nobody_uses_expires_and_its_state_leaves_python()
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
        Assert.Empty((await anew.ExecuteAsync<Info>("session_of").InTime()).State);
    }

    [PythonFact]
    public async Task A_session_with_a_call_under_way_does_not_expire()
    {
        using var gate = new Marker();
        var idle = TimeSpan.FromMilliseconds(100);
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Sessions = new() { IdleTimeout = idle } }).InTime();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        await using var other = pool.OpenSession("other", AffinityMode.Wait);
        var held = session.ExecuteAsync<Count>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        await Eventually.True(() => pool.GetStatistics().Sessions == 1, "the other session has expired");
        gate.Write();
        Assert.Equal(1, (await held.InTime()).Total);
    }

    [PythonFact]
    public async Task There_is_a_limit_to_sessions_and_ended_ones_make_room()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, Sessions = new() { Limit = 3 } }).InTime();
        var sessions = Enumerable.Range(0, 3).Select(number => pool.OpenSession($"{number}")).ToList();
        Assert.Equal(10_000, new SessionOptions().Limit);
        var refused = Assert.Throws<SessionLimitException>(() => pool.OpenSession("3"));
        Assert.Equal((3, true), (refused.Limit, refused.IsTransient));
        Assert.Equal("0", pool.OpenSession("0").Key); // it is open already
        await sessions[1].DisposeAsync();
        Assert.Equal("3", pool.OpenSession("3").Key);
    }

    [PythonFact]
    public async Task A_disposed_pool_opens_no_session_and_refuses_the_calls_of_open_ones()
    {
        var pool = await StartAsync(workers: 1);
        var session = pool.OpenSession("one");
        await pool.DisposeAsync().InTime();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.ExecuteAsync("session_add").InTime());
        Assert.Throws<ObjectDisposedException>(() => pool.OpenSession("two"));
        await session.DisposeAsync();
    }

    private static Task<SnakepitPool> StartAsync(int workers = 2) => SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = workers }).InTime();
}

public sealed class SessionCallsOverGrpc : SessionCalls<OverGrpc>;

public sealed class SessionCallsOverDirect : SessionCalls<OverDirect>;
