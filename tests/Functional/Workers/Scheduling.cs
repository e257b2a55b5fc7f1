using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests that workers run under the batch scheduling policy of Linux. With this policy, a worker that gets a call does not take the
/// processor away from the host that has sent the call.
/// </summary>
public abstract class Scheduling<T>
    where T : ITestTransport
{
    private const string Batch = "3"; // the number of the policy SCHED_BATCH, which the manual page sched(7) describes

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
    /// Returns the scheduling policy of a thread, which is field 41 of its file <c>stat</c>. The second field is a name in brackets, which
    /// may contain spaces, so the fields are counted from the third field, which follows the last bracket.
    /// </summary>
    private static string PolicyOf(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
    }
}

public sealed class SchedulingOverGrpc : Scheduling<OverGrpc>;

public sealed class SchedulingOverDirect : Scheduling<OverDirect>;
