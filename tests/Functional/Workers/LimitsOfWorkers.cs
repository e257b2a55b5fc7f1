using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests the limits that the kernel holds workers to (<see cref="WorkerLimitOptions"/>).</summary>
public abstract class LimitsOfWorkers<T>
    where T : ITestTransport
{
    private const int Mb = 1024 * 1024;

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_tool_that_needs_more_memory_than_its_worker_may_have_gets_a_memory_error_and_the_worker_goes_on(WorkerStart start)
    {
        await using var pool = await StartAsync(start, new WorkerLimitOptions { MemoryBytes = 512 * Mb });
        var worker = pool.GetStatistics().Workers.Single().ProcessId;

        var refused = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("allocate", new { mb = 600 }).InTime());
        Assert.Equal("MemoryError", refused.PythonType);
        Assert.Equal(64 * Mb, await pool.ExecuteAsync<int>("allocate", new { mb = 64 }).InTime());
        Assert.Equal(worker, pool.GetStatistics().Workers.Single().ProcessId);
    }

    [PythonFact]
    public async Task Shared_memory_does_not_count_for_the_limit_of_memory()
    {
        await using var pool = await StartAsync(WorkerStart.Fork, new WorkerLimitOptions { MemoryBytes = 512 * Mb });
        Assert.Equal(600 * Mb, await pool.ExecuteAsync<int>("size", new { data = new byte[600 * Mb] }).InTime());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_has_used_its_processor_time_ends_with_the_reason_and_is_replaced(WorkerStart start)
    {
        var trace = new ProcessTrace();
        await using (var pool = await StartAsync(start, new WorkerLimitOptions { CpuTime = TimeSpan.FromSeconds(2) }, trace))
        {
            var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("burn", new { seconds = 30 }).InTime());
            Assert.Equal(24, lost.Signal);
            Assert.Contains("Limits.CpuTime", lost.Message, StringComparison.Ordinal);
            Assert.Equal(0.01, await pool.ExecuteAsync<double>("burn", new { seconds = 0.01 }).InTime());
        }

        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task The_limits_hold_for_a_worker_and_for_what_it_starts_and_not_for_this_process(WorkerStart start)
    {
        var own = LimitsOf(Environment.ProcessId);
        var limits = new WorkerLimitOptions
        {
            MemoryBytes = 1024L * Mb,
            CpuTime = TimeSpan.FromSeconds(99.5),
            OpenFiles = 100,
            NiceLevel = 19,
            Umask = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute,
        };
        await using var pool = await StartAsync(start, limits);

        const string Expected = "[1073741824, 100, 100] 19 0o27";
        Assert.Equal(Expected, await pool.ExecuteAsync<string>("limits").InTime());
        Assert.Equal(Expected, await pool.ExecuteAsync<string>("limits_of_program").InTime());
        Assert.Equal("0o640", await pool.ExecuteAsync<string>("mode_of_new_file").InTime());
        var refused = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("open_files", new { count = 100 }).InTime());
        Assert.Equal("OSError", refused.PythonType);
        Assert.Equal(own, LimitsOf(Environment.ProcessId));
        Assert.Equal(own, LimitsOf(pool.GetStatistics().Template?.ProcessId ?? Environment.ProcessId));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_limit_that_a_worker_cannot_keep_or_get_fails_the_start_with_both_figures(WorkerStart start)
    {
        await RefusedAsync(start, new() { MemoryBytes = 16 * Mb }, "Limits.MemoryBytes is 16,777,216, and the worker has ");
        await RefusedAsync(start, new() { OpenFiles = int.MaxValue }, "Limits.OpenFiles is 2,147,483,647, and this ");
    }

    // The limit of real time is the mark by which a template knows the processes that come from it.
    private static string[] LimitsOf(int process) =>
        [.. File.ReadLines($"/proc/{process}/limits").Where(line => !line.StartsWith("Max realtime", StringComparison.Ordinal))];

    private static async Task RefusedAsync(WorkerStart start, WorkerLimitOptions limits, string reason)
    {
        var trace = new ProcessTrace();
        var refused = await Assert.ThrowsAsync<SystemLimitException>(() => StartAsync(start, limits, trace));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Change this option", refused.Message, StringComparison.Ordinal);
        trace.AssertNothingIsLeft();
    }

    private static Task<SnakepitPool> StartAsync(WorkerStart start, WorkerLimitOptions limits, ProcessTrace? trace = null)
    {
        var options = Probe.Over<T>() with { Adapter = "limited_tools", Workers = 1, WorkerStart = start, Limits = limits };
        return SnakepitPool.StartAsync(trace?.Tag(options) ?? options).InTime();
    }
}

public sealed class LimitsOfWorkersOverGrpc : LimitsOfWorkers<OverGrpc>;

public sealed class LimitsOfWorkersOverDirect : LimitsOfWorkers<OverDirect>;
