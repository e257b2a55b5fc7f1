using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Sessions;

/// <summary>Tests which state the calls of a pool session share, and on which worker they run.</summary>
public abstract class SessionCalls<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task Python_sees_the_key_and_the_state_of_a_session_in_every_call()
    {
        await using var pool = await StartAsync();
        await using var ada = pool.OpenSession("ada", AffinityMode.Wait);
        await using var bob = pool.OpenSession("bob");
        Assert.Null(ada.Worker);

        for (var total = 1; total <= 5; total++)
        {
            Assert.Equal(total, (await ada.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
        }

        var info = await ada.ExecuteAsync<SessionInfo>("session_of").InTime();
        Assert.Equal(("ada", true, 5), (info.Key, info.Home, info.State["total"]));
        Assert.Empty((await bob.ExecuteAsync<SessionInfo>("session_of").InTime()).State);
        Assert.Null(await pool.ExecuteAsync<SessionInfo?>("session_of").InTime());
        Assert.NotNull(ada.Worker);
        Assert.Equal(2, pool.GetStatistics().Sessions);
    }

    [PythonTheory]
    [InlineData(" ключ 🐍 \"quoted\" ; DROP\t\0")]
    [InlineData("../../etc/passwd")]
    public async Task A_session_key_may_be_any_text(string key)
    {
        await using var pool = await StartAsync(workers: 1);
        await using var session = pool.OpenSession(key);
        Assert.Equal(key, (await session.ExecuteAsync<SessionInfo>("session_of").InTime()).Key);
    }

    [PythonFact]
    public async Task An_invalid_session_key_is_refused_and_the_error_states_the_rule()
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
    public async Task A_session_that_waits_for_its_worker_runs_its_calls_in_order_on_that_worker()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var waiting = Enumerable.Range(0, 5).Select(_ => session.ExecuteAsync<SessionTotal>("session_add")).ToList();
        Assert.NotEqual(0, await pool.ExecuteAsync<int>("pid").InTime()); // a call without a session runs on the other worker
        Assert.Equal(5, pool.GetStatistics().QueueLength);
        gate.Write();

        var home = await held.InTime();
        var counts = await Task.WhenAll(waiting).InTime();
        Assert.All(counts, count => Assert.Equal(home.Pid, count.Pid));
        Assert.Equal([2, 3, 4, 5, 6], counts.Select(count => count.Total));
    }

    [PythonFact]
    public async Task First_calls_of_a_session_that_are_all_queued_run_on_one_worker()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        var busy = Enumerable.Range(0, 2).Select(_ => pool.ExecuteAsync("until", new { gate = gate.Path })).ToList();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var waiting = Enumerable.Range(0, 20).Select(_ => session.ExecuteAsync<SessionTotal>("session_add")).ToList();
        gate.Write();

        var counts = await Task.WhenAll(waiting).InTime();
        await Task.WhenAll(busy).InTime();
        Assert.Equal(Enumerable.Range(1, 20), counts.Select(count => count.Total));
        Assert.Single(counts.DistinctBy(count => count.Pid));
    }

    [PythonFact]
    public async Task A_session_that_prefers_its_worker_runs_on_another_one_without_its_state_when_its_own_is_busy()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one");
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var elsewhere = await session.ExecuteAsync<SessionTotal>("session_add").InTime();
        var info = await session.ExecuteAsync<SessionInfo>("session_of").InTime();
        gate.Write();
        var home = await held.InTime();
        var again = await session.ExecuteAsync<SessionTotal>("session_add").InTime();

        Assert.NotEqual(home.Pid, elsewhere.Pid);
        Assert.Equal((1, false, 0), (elsewhere.Total, info.Home, info.State.Count)); // only the session's own worker has its state
        Assert.Equal((home.Pid, 2), (again.Pid, again.Total));
        Assert.Null(session.Loss);
    }

    [PythonFact]
    public async Task A_call_of_a_session_that_fails_fast_is_refused_while_the_worker_of_the_session_is_busy()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.FailFast);
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");

        var busy = await Assert.ThrowsAsync<SessionBusyException>(() => session.ExecuteAsync("session_add").InTime());
        await Assert.ThrowsAsync<SessionBusyException>(
            () => session.StreamAsync<int>("session_stream", new { upto = 1 }).ToListAsync().InTime());
        Assert.Equal(("one", true), (busy.Key, busy.IsTransient));
        gate.Write();
        await held.InTime();
        Assert.Equal(2, (await session.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
        var calls = pool.GetStatistics().Calls;
        Assert.Equal((4, 2, 2), (calls.Started, calls.Succeeded, calls.Rejected));
    }

    [PythonFact]
    public async Task Streams_of_a_session_wait_for_its_worker_like_calls()
    {
        using var gate = new Marker();
        await using var pool = await StartAsync();
        await using var session = pool.OpenSession("one", AffinityMode.Wait);
        var held = session.ExecuteAsync<SessionTotal>("session_add", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        var stream = session.StreamAsync<int>("session_stream", new { upto = 3 }).ToListAsync();
        await Eventually.True(() => pool.GetStatistics().QueueLength == 1, "the stream waits");
        gate.Write();

        await held.InTime();
        Assert.Equal([2, 3, 4], await stream.InTime());
    }

    [PythonFact]
    public async Task Session_handles_with_the_same_key_share_one_session()
    {
        await using var pool = await StartAsync();
        var first = pool.OpenSession("one", AffinityMode.Wait);
        var second = pool.OpenSession("one", AffinityMode.Wait);
        await first.ExecuteAsync("session_add").InTime();
        Assert.Equal(2, (await second.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
        var refused = Assert.Throws<ArgumentException>(() => pool.OpenSession("one", AffinityMode.FailFast));
        Assert.Contains("is open with AffinityMode.Wait", refused.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await first.DisposeAsync();

        var over = await Assert.ThrowsAsync<SessionLostException>(() => second.ExecuteAsync("session_add").InTime());
        Assert.Equal(("one", SessionLoss.Ended), (over.Key, over.Reason));
        await using var anew = pool.OpenSession("one", AffinityMode.FailFast);
        Assert.Equal(1, (await anew.ExecuteAsync<SessionTotal>("session_add").InTime()).Total);
    }

    private static Task<SnakepitPool> StartAsync(int workers = 2) =>
        SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = workers }).InTime();
}

public sealed class SessionCallsOverGrpc : SessionCalls<OverGrpc>;

public sealed class SessionCallsOverDirect : SessionCalls<OverDirect>;
