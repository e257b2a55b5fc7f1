using System.Globalization;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests workers and templates (the processes from which workers are forked) that crash, are killed or are suspended.</summary>
public abstract class Crashing<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("exit", 3, null)]
    [InlineData("segfault", null, 11)]
    [InlineData("abort", null, 6)]
    [InlineData("memory", null, 9)]
    public async Task A_crash_fails_only_the_call_that_caused_it_and_the_worker_is_replaced(string how, int? exitCode, int? signal)
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>(Probe.Showcase))).InTime();
        var before = pool.ProcessIds();
        var other = pool.ExecuteAsync<double>("sleep", new { ms = 300 });

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("crash", new { how, status = 3 }).InTime());

        Assert.Equal((exitCode, signal), (lost.ExitCode, lost.Signal));
        Assert.True(lost.IsTransient);
        Assert.Contains("'crash'", lost.Message, StringComparison.Ordinal);
        Assert.Contains(exitCode is null ? $"signal {signal}" : "exit code 3", lost.Message, StringComparison.Ordinal);
        Assert.True(await other.InTime() >= 300);
        await pool.WaitForIdleWorkers(2);
        Assert.Single(before.Intersect(pool.ProcessIds()));
        Assert.Equal(1, pool.GetStatistics().Restarts);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_exit_code_that_can_be_no_signal_is_told_as_it_is(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>(Probe.Showcase) with { Workers = 1, WorkerStart = start }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("crash", new { how = "exit", status = 255 }).InTime());
        Assert.Equal((255, null), (lost.ExitCode, lost.Signal));
        Assert.Contains("exit code 255", lost.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task The_exception_contains_the_last_output_of_a_crashed_worker(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, WorkerStart = start }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 9 }).InTime());
        Assert.Equal(9, lost.ExitCode);
        Assert.Contains("the last words", lost.Output);
        Assert.Contains("the last words", lost.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
    }

    [PythonFact]
    public async Task A_message_quotes_only_the_beginning_of_a_long_line_and_the_output_has_more_of_it()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("print_much_and_exit", new { characters = 400_000 }).InTime());
        Assert.InRange(lost.Message.Length, 400, 40 * 500);
        Assert.Contains("x🐍x🐍x", lost.Message, StringComparison.Ordinal);
        Assert.Contains(" more characters)", lost.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(lost.Message.EnumerateRunes(), rune => rune == System.Text.Rune.ReplacementChar); // no half of a pair
        Assert.InRange(lost.Output.Sum(line => line.Length), 400_000, int.MaxValue);
    }

    [PythonFact]
    public async Task A_segmentation_fault_shows_the_python_stack()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase) with { Workers = 1 }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("crash", new { how = "segfault" }).InTime());
        Assert.Contains(lost.Output, line => line.Contains("in crash", StringComparison.Ordinal));
    }

    [PythonFact]
    public async Task Callers_that_wait_for_a_worker_that_crashes_are_served_by_its_successor()
    {
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Over<T>() with { Workers = 1, QueueTimeout = TimeSpan.FromSeconds(30) }).InTime();
        var crashing = pool.ExecuteAsync("print_and_exit", new { status = 1 });
        var waiting = Enumerable.Range(0, 5).Select(given => pool.ExecuteAsync<int>("value", new { given })).ToArray();

        await Assert.ThrowsAsync<WorkerLostException>(() => crashing.InTime());
        var served = await Task.WhenAll(waiting).InTime();
        Assert.Equal([0, 1, 2, 3, 4], served);
    }

    [PythonFact]
    public async Task A_crash_in_mid_stream_ends_the_stream_after_its_chunks()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        var arrived = 0;
        await Assert.ThrowsAsync<WorkerLostException>(async () =>
        {
            await foreach (var _ in pool.StreamAsync<int>("slow_generator", new { upto = 2, delay_ms = 60_000 }))
            {
                arrived++;
                OsProcess.Kill(pool.ProcessIds()[0]);
            }
        }).InTime();
        Assert.Equal(1, arrived);
        await pool.WaitForIdleWorkers(1);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_has_died_does_not_remain_as_a_zombie(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, WorkerStart = start }).InTime();
        var worker = pool.ProcessIds()[0];
        OsProcess.Kill(worker);
        await Eventually.True(() => !Directory.Exists($"/proc/{worker}"), "the process has been reaped");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task The_child_processes_of_a_crashed_worker_end_with_it(WorkerStart start)
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1, WorkerStart = start }).InTime();
        await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("spawn_child_and_exit", new { marker = marker.Path }).InTime());
        var child = int.Parse(await marker.WrittenAsync(), CultureInfo.InvariantCulture);
        await OsProcess.Gone(child, TimeSpan.FromSeconds(2));
    }

    [PythonFact]
    public async Task A_child_process_in_its_own_session_ends_with_its_worker_and_not_before()
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>())).InTime();
        var (one, other) = (pool.OpenSession("one", AffinityMode.Wait), pool.OpenSession("other"));
        (int Worker, int Child) first, second;
        await using (var chunks = one.StreamAsync<int>("count", new { upto = 1_000 }).GetAsyncEnumerator())
        {
            await chunks.MoveNextAsync().AsTask().InTime(); // the stream keeps one worker busy, so the other session gets the other worker
            second = await SpawnAsync(other);
        }

        first = await SpawnAsync(one);
        Assert.NotEqual(first.Worker, second.Worker);
        await Eventually.True(
            () => trace.Alive().Length == 1 + 2 + 4, "the template, both workers, and for each worker a shell and its child are running");

        OsProcess.Kill(first.Worker);

        await OsProcess.Gone(first.Child, TimeSpan.FromSeconds(2));
        await Eventually.True(
            () => trace.Alive().Length == 1 + 2 + 2, "the child of the shell has ended as well, and the killed worker has a successor");
        Assert.True(OsProcess.IsAlive(second.Child));
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();

        static async Task<(int Worker, int Child)> SpawnAsync(SnakepitSession session) =>
            (await session.ExecuteAsync<int>("pid").InTime(), await session.ExecuteAsync<int>("spawn_session").InTime());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_idle_worker_that_is_killed_is_replaced_without_being_called(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { WorkerStart = start }).InTime();
        var before = pool.ProcessIds();
        OsProcess.Kill(before[0]);
        await Eventually.True(
            () => pool.GetStatistics() is { Restarts: 1 } now && now.Count(WorkerState.Idle) == 2,
            "the worker is replaced",
            TimeSpan.FromSeconds(2)); // a replacement takes about 50 ms on a quiet machine
        Assert.Equal([before[1]], before.Intersect(pool.ProcessIds()));
    }

    [PythonFact]
    public async Task All_workers_are_replaced_when_their_template_is_killed()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>() with { LoggerFactory = log })).InTime();
        var before = pool.ProcessIds();
        var template = pool.TemplateId();
        var running = pool.ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();

        OsProcess.Kill(template);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => running.InTime());
        Assert.Equal(9, lost.Signal);
        await Eventually.True(() => pool.GetStatistics().Restarts >= 2, "the pool has noticed that both workers were lost");
        await pool.WaitForIdleWorkers(2);
        Assert.Empty(before.Intersect(pool.ProcessIds()));
        Assert.NotEqual(template, pool.TemplateId());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        await log.WaitForLineAsync("The template process was lost");
        Assert.Equal(3, trace.Alive().Length);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_suspended_template_is_replaced_together_with_its_workers()
    {
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with { Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(100) } };
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        using var marker = new Marker();
        var (template, before) = (pool.TemplateId(), pool.ProcessIds());
        var call = pool.ExecuteAsync("hang", new { marker = marker.Path });
        await marker.WrittenAsync();

        Signals.Send(template, OsProcess.SigStop);

        await OsProcess.Gone(template);
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => call.InTime());
        Assert.Contains(
            "SIGKILL: sent by the kernel, because the template, from which the worker was forked, has ended (signal 9, SIGKILL: sent by "
                + "this pool, because a signal had suspended the template)",
            lost.Message,
            StringComparison.Ordinal);
        await Eventually.True(() => !before.Intersect(pool.ProcessIds()).Any(), "the workers have been replaced");
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_whose_workers_crash_one_after_another_keeps_serving()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { QueueTimeout = TimeSpan.FromSeconds(30) }).InTime();
        for (var round = 0; round < 4; round++)
        {
            await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
            Assert.Equal(round, await pool.ExecuteAsync<int>("value", new { given = round }).InTime());
        }

        await pool.WaitForIdleWorkers(2);
        Assert.Equal(4, pool.GetStatistics().Restarts);
    }
}

public sealed class CrashingOverGrpc : Crashing<OverGrpc>;

public sealed class CrashingOverDirect : Crashing<OverDirect>;
