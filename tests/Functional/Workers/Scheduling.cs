using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Workers run under the batch scheduling policy of Linux, so that a worker that gets a call does not take the processor away from the
/// host that has sent it.
/// </summary>
public abstract class Scheduling<T>
    where T : ITestTransport
{
    private const string Batch = "3"; // SCHED_BATCH; see the manual page sched(7)

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Every_thread_of_a_worker_runs_under_the_batch_scheduling_policy(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 2, WorkerStart = start }).InTime();
        foreach (var worker in pool.GetStatistics().Workers)
        {
            Assert.All(
                Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker.ProcessId}/task")),
                thread => Assert.Equal(Batch, PolicyOf(thread)));
        }
    }

    /// <summary>
    /// The scheduling policy of a thread: field 41 of its file <c>stat</c>. The fields are counted from the third, after the last bracket,
    /// because the second is a name that may contain spaces.
    /// </summary>
    private static string PolicyOf(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
    }
}

public sealed class SchedulingOverGrpc : Scheduling<OverGrpc>;

public sealed class SchedulingOverDirect : Scheduling<OverDirect>;
