using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests adapters that take nearly all file descriptors, or all memory, that the system allows a process: the start fails at once with the
/// limit, or the pool works.
/// </summary>
public abstract class TakenLimits<T>
    where T : ITestTransport
{
    // A start that fails takes less than a second on a quiet machine. The start timeout is 30 seconds.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "import")]
    [InlineData(WorkerStart.Fork, "start")]
    [InlineData(WorkerStart.Spawn, "import")]
    [InlineData(WorkerStart.Spawn, "start")]
    public async Task An_adapter_that_leaves_too_few_file_descriptors_fails_the_start_at_once_and_the_limit_is_named(
        WorkerStart start, string when)
    {
        foreach (var left in (int[])[0, 1, 2, 3, 5])
        {
            await AssertRefusedAsync(Options(start, "descriptors", when, left), "Raise the limit of open files (ulimit -n)");
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "import")]
    [InlineData(WorkerStart.Fork, "start")]
    [InlineData(WorkerStart.Spawn, "import")]
    [InlineData(WorkerStart.Spawn, "start")]
    public async Task An_adapter_that_leaves_enough_file_descriptors_works(WorkerStart start, string when)
    {
        var trace = new ProcessTrace();
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Options(start, "descriptors", when, left: 8))).InTime())
        {
            Assert.Equal(42, await pool.ExecuteAsync<int>("answer").InTime());
            Assert.Equal(43, await pool.ExecuteAsync<int>("answer_later").InTime());
        }

        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_template_that_lacks_file_descriptors_for_all_workers_says_so()
    {
        var options = Options(WorkerStart.Fork, "descriptors", "import", left: 12) with { Workers = 16 };
        await AssertRefusedAsync(options, "Raise the limit of open files (ulimit -n)");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "import")]
    [InlineData(WorkerStart.Fork, "start")]
    [InlineData(WorkerStart.Spawn, "import")]
    [InlineData(WorkerStart.Spawn, "start")]
    public Task A_thread_that_a_limit_of_memory_refuses_fails_the_start_at_once_and_the_limit_is_named(WorkerStart start, string when) =>
        AssertRefusedAsync(Options(start, "memory", when, left: 0), "aise the limit of memory (ulimit -v");

    private static async Task AssertRefusedAsync(SnakepitOptions options, string advice)
    {
        var trace = new ProcessTrace();
        var clock = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<SystemLimitException>(() => SnakepitPool.StartAsync(trace.Tag(options)).InTime());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, AtOnce);
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        trace.AssertNothingIsLeft();
    }

    private static SnakepitOptions Options(WorkerStart start, string what, string when, int left) => Probe.Over<T>() with
    {
        Adapter = "takes_limits",
        Workers = 1,
        WorkerStart = start,
        EnvironmentVariables = new Dictionary<string, string>
        {
            ["PROBE_TAKES"] = what,
            ["PROBE_WHEN"] = when,
            ["PROBE_LEFT"] = $"{left}",
        },
    };
}

public sealed class TakenLimitsOverGrpc : TakenLimits<OverGrpc>;

public sealed class TakenLimitsOverDirect : TakenLimits<OverDirect>;
