using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests processes that a tool has started and that share nothing with their worker but their ancestry: they have a session and an
/// environment of their own, and most of them have lost their parent. They must end with their worker, and not before.
/// </summary>
public sealed class EscapingChildren
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static readonly SnakepitOptions Options = Probe.Options with { Transport = WorkerTransport.Direct };

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "program")]
    [InlineData(WorkerStart.Fork, "daemon")]
    [InlineData(WorkerStart.Fork, "setsid")]
    [InlineData(WorkerStart.Fork, "background")]
    [InlineData(WorkerStart.Fork, "user namespace")]
    [InlineData(WorkerStart.Fork, "process namespace")]
    [InlineData(WorkerStart.Spawn, "program")]
    [InlineData(WorkerStart.Spawn, "daemon")]
    [InlineData(WorkerStart.Spawn, "setsid")]
    [InlineData(WorkerStart.Spawn, "background")]
    [InlineData(WorkerStart.Spawn, "user namespace")]
    [InlineData(WorkerStart.Spawn, "process namespace")]
    public async Task A_process_that_has_left_everything_of_its_worker_ends_with_the_worker_and_not_before(WorkerStart start, string how)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { WorkerStart = start }).InTime();
        var (one, other) = (pool.OpenSession("one", AffinityMode.Wait), pool.OpenSession("other"));
        int first, second, worker, its;
        await using (var chunks = one.StreamAsync<int>("count", new { upto = 1_000 }).GetAsyncEnumerator())
        {
            await chunks.MoveNextAsync().AsTask().InTime(); // the stream keeps one worker busy, so the other session gets the other worker
            its = await other.ExecuteAsync<int>("pid").InTime();
            second = await other.ExecuteAsync<int>("escape", new { how }).InTime();
        }

        worker = await one.ExecuteAsync<int>("pid").InTime();
        first = await one.ExecuteAsync<int>("escape", new { how }).InTime();
        Assert.NotEqual(worker, its);

        OsProcess.Kill(worker);

        await OsProcess.Gone(first, Soon);
        await pool.WaitForIdleWorkers(2);
        Assert.True(OsProcess.IsAlive(second));
        await pool.DisposeAsync().InTime();
        await OsProcess.Gone(second, Soon);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "exit")]
    [InlineData(WorkerStart.Fork, "segfault")]
    [InlineData(WorkerStart.Spawn, "exit")]
    [InlineData(WorkerStart.Spawn, "segfault")]
    public async Task Such_a_process_ends_with_a_worker_that_ends_by_itself(WorkerStart start, string how)
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1, WorkerStart = start }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("escape_and_end", new { marker = marker.Path, how }).InTime());
        Assert.Equal(how == "exit" ? (0, null) : (null, (int?)11), (lost.ExitCode, lost.Signal));
        await OsProcess.Gone(await PidAsync(marker), Soon);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Such_a_process_ends_with_a_worker_that_is_recycled_or_replaced(WorkerStart start)
    {
        using var marker = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Options with
        {
            Workers = 1,
            WorkerStart = start,
            Recycling = new() { MaxCalls = 1, Jitter = 0 },
        }).InTime();
        await OsProcess.Gone(await pool.ExecuteAsync<int>("escape", new { how = "daemon" }).InTime());
        using var giveUp = new CancellationTokenSource();
        var hanging = pool.ExecuteAsync("escape_and_hang", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        var child = await PidAsync(marker);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging.InTime());
        await OsProcess.Gone(child);
    }

    [PythonFact]
    public async Task Such_a_process_ends_with_a_template_that_is_killed_and_the_pool_goes_on()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1 }).InTime();
        var child = await pool.ExecuteAsync<int>("escape", new { how = "daemon" }).InTime();
        await using var other = await SnakepitPool.StartAsync(Options with { Workers = 1 }).InTime();
        var its = await other.ExecuteAsync<int>("escape", new { how = "daemon" }).InTime();

        OsProcess.Kill(pool.GetStatistics().Template!.ProcessId);

        await OsProcess.Gone(child, Soon);
        Assert.True(OsProcess.IsAlive(its));
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(1);
        Assert.True(OsProcess.IsAlive(await pool.ExecuteAsync<int>("escape", new { how = "daemon" }).InTime()));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Processes_that_flee_by_forking_again_and_again_end_with_their_worker(WorkerStart start)
    {
        var name = $"flee{Guid.NewGuid():N}"[..15];
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1, WorkerStart = start }).InTime();
        await pool.ExecuteAsync("flee", new { name }).InTime();
        await Eventually.True(() => OsProcess.All().Any(pid => OsProcess.NameOf(pid) == name), "a process flees");

        OsProcess.Kill(pool.ProcessIds()[0]);

        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        var clean = 0; // a process that is just being started may be missing in one listing, so ten in a row must find none
        await Eventually.True(
            () => (clean = OsProcess.All().Any(pid => OsProcess.NameOf(pid) == name) ? 0 : clean + 1) == 10, "no process flees any more");
    }

    [PythonFact]
    public async Task A_daemon_of_the_preparation_lives_as_long_as_the_template_and_one_of_a_worker_as_long_as_the_worker()
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Adapter = "prepares_daemon", Workers = 1 }).InTime();
        var before = await pool.ExecuteAsync<int[]>("daemons").InTime();
        OsProcess.Kill(pool.ProcessIds()[0]);
        await OsProcess.Gone(before[1], Soon);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(1);
        var after = await pool.ExecuteAsync<int[]>("daemons").InTime();
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1], after[1]);
        Assert.All(after, pid => Assert.True(OsProcess.IsAlive(pid)));
        await pool.DisposeAsync().InTime();
        Assert.DoesNotContain(after, OsProcess.IsAlive);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Many_short_programs_in_the_background_leave_no_zombies_and_every_exit_code_stays_right(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Workers = 1, WorkerStart = start }).InTime();
        var codes = await pool.ExecuteAsync<int[]>("daemonize_many", new { count = 100 }).InTime();
        Assert.Equal([0, 7], codes); // 7 is the exit code of a process that multiprocessing has started
        var worker = pool.ProcessIds()[0];
        var parent = OsProcess.ParentOf(worker);
        await Eventually.True(
            () => OsProcess.ChildrenOf(worker).Length + OsProcess.ChildrenOf(parent).Length == 1,
            () => $"only the worker is left: {string.Join(' ', OsProcess.ChildrenOf(worker).Concat(OsProcess.ChildrenOf(parent)))}");
    }

    [PythonFact]
    public async Task The_pool_of_a_program_that_a_tool_has_started_keeps_its_processes_as_long_as_the_tools_worker_lives()
    {
        using var marker = new Marker();
        var outer = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(outer.Tag(Options)).InTime();
        var session = pool.OpenSession("of the program");
        var worker = await session.ExecuteAsync<int>("pid").InTime();
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var command = new[] { dotnet, typeof(ProbeHost).Assembly.Location, nameof(WorkerStart.Fork), "escape_and_hang" };
        var program = await session.ExecuteAsync<int>("start_program", new { command, marker = marker.Path }).InTime();
        var children = new[] { await PidAsync(marker, "marker.0"), await PidAsync(marker, "marker.1") };

        OsProcess.Kill(pool.ProcessIds().Single(pid => pid != worker));
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the other worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(2);
        Assert.All([program, .. children], pid => Assert.True(OsProcess.IsAlive(pid)));

        OsProcess.Kill(worker);
        foreach (var child in (int[])[program, .. children])
        {
            await OsProcess.Gone(child);
        }

        await pool.WaitForIdleWorkers(2);
        await Eventually.True(() => outer.Alive().Length == 3, "of the other program and its pool nothing is left");
        await pool.DisposeAsync().InTime();
        outer.AssertNothingIsLeft();
    }

    private static async Task<int> PidAsync(Marker marker, string name = "marker") =>
        int.Parse(await marker.WrittenAsync(name), CultureInfo.InvariantCulture);
}
