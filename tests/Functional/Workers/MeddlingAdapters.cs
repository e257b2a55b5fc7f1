using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests adapters whose import replaces functions of the standard library, or changes the process. Either the pool works as usual, or its
/// start fails at once and says why.
/// </summary>
public abstract class MeddlingAdapters<T>
    where T : ITestTransport
{
    private const string Replaced =
        "sent by this pool, because code of the adapter had replaced the process by another program ('sleep 1000')";

    // A start that fails takes less than a second on a quiet machine. The start timeout is 30 seconds.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public Task A_pool_works_although_its_adapter_replaces_functions_that_workers_need(WorkerStart start) =>
        AssertWorksAsync("replaces_functions", "", start);

    [PythonTheory]
    [InlineData("directory")]
    [InlineData("mask")]
    [InlineData("blocked signals")]
    [InlineData("handled signals")]
    [InlineData("streams")]
    [InlineData("diagnosis")]
    [InlineData("environment")]
    public async Task A_pool_works_although_its_adapter_changes_the_process(string how)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            await AssertWorksAsync("changes_its_process", how, start);
        }
    }

    [PythonFact]
    public async Task A_child_that_the_adapter_forks_during_its_import_ends_and_the_pool_works() =>
        await AssertWorksAsync("changes_its_process", "forks", WorkerStart.Fork);

    [PythonTheory]
    [InlineData("closes descriptors", "has closed file descriptors that it has not opened")]
    [InlineData("closes many descriptors", "has closed file descriptors that it has not opened")]
    [InlineData("closes all descriptors and raises", "has closed file descriptors that it has not opened")]
    [InlineData("closes what it prints to", "has closed file descriptors that it has not opened")]
    [InlineData("becomes a daemon", "ended before it was ready")]
    [InlineData("exits", "SystemExit: no licence")]
    [InlineData("ends", "no licence")]
    [InlineData("starts Python anew", "set variables such as LD_LIBRARY_PATH in SnakepitOptions.EnvironmentVariables")]
    [InlineData("starts Python anew with its arguments", "only a pool can start this program. If an adapter or a tool has started its")]
    [InlineData("becomes another program", Replaced)]
    [InlineData("becomes another program in start()", Replaced)]
    public async Task An_adapter_that_makes_its_process_useless_fails_the_start_at_once_with_the_reason(string how, string reason)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            var trace = new ProcessTrace();
            var clock = Stopwatch.StartNew();
            var failed = await Assert.ThrowsAnyAsync<PoolStartException>(
                () => SnakepitPool.StartAsync(trace.Tag(Options("changes_its_process", how, start))).InTime());
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
            Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
            await trace.WaitUntilNothingIsLeft();
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_tool_that_replaces_its_process_by_another_program_is_told_so(WorkerStart start)
    {
        var trace = new ProcessTrace();
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Options("changes_its_process", "", start))).InTime())
        {
            var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("become", new { program = "sleep" }).InTime());
            Assert.Contains(Replaced, lost.Message, StringComparison.Ordinal);
            Assert.NotEqual(0, await pool.ExecuteAsync<int>("pid").InTime());
        }

        await trace.WaitUntilNothingIsLeft();
    }

    [PythonTheory]
    [InlineData("sockets")]
    [InlineData("monotonic clock")]
    [InlineData("clocks")]
    public async Task An_adapter_that_breaks_the_event_loop_of_its_worker_fails_the_start_at_once_with_the_reason(string how)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            var trace = new ProcessTrace();
            var clock = Stopwatch.StartNew();
            var failed = await Assert.ThrowsAnyAsync<PoolStartException>(
                () => SnakepitPool.StartAsync(trace.Tag(Options("breaks_clocks_or_sockets", how, start))).InTime());
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
            Assert.IsNotType<StartTimeoutException>(failed);
            Assert.Contains("RuntimeError: this function was replaced", failed.Message, StringComparison.Ordinal);
            await trace.WaitUntilNothingIsLeft();
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Replaced_threads_do_no_harm_or_fail_the_start_at_once_with_the_reason(WorkerStart start)
    {
        var options = Options("replaces_threads", "", start);
        var starting = SnakepitPool.StartAsync(options).InTime();
        if (T.Transport == WorkerTransport.Direct)
        {
            await using var pool = await starting;
            Assert.Equal(42, await pool.ExecuteAsync<int>("answer").InTime());
            return;
        }

        var clock = Stopwatch.StartNew();
        var failed = await Assert.ThrowsAsync<AdapterException>(() => starting);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
        Assert.Contains("and the gRPC transport needs real threads", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>Asserts that workers answer, that a call can be cancelled, and that a worker that dies is replaced.</summary>
    private static async Task AssertWorksAsync(string adapter, string how, WorkerStart start)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var trace = new ProcessTrace();
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Options(adapter, how, start))).InTime())
        {
            var first = await pool.ExecuteAsync<int>("pid").InTime();
            var waiting = pool.ExecuteAsync("wait", new { marker = marker.Path }, cancellationToken: giveUp.Token);
            await marker.WrittenAsync();
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
            await pool.WaitForIdleWorkers(1);
            var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("die").InTime());
            Assert.Contains("exit code 7", lost.Message, StringComparison.Ordinal);
            Assert.NotEqual(first, await pool.ExecuteAsync<int>("pid").InTime());
        }

        trace.AssertNothingIsLeft();
    }

    private static SnakepitOptions Options(string adapter, string how, WorkerStart start) => Probe.Over<T>() with
    {
        Adapter = adapter,
        Workers = 1,
        WorkerStart = start,
        EnvironmentVariables = new Dictionary<string, string> { ["HOW"] = how },
    };
}

public sealed class MeddlingAdaptersOverGrpc : MeddlingAdapters<OverGrpc>;

public sealed class MeddlingAdaptersOverDirect : MeddlingAdapters<OverDirect>;
