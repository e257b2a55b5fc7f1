using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>A worker that is woken does not take the processor from the host that wakes it.</summary>
public abstract class Scheduling<T>
    where T : IOver
{
    private const string Batch = "3"; // SCHED_BATCH, sched(7)

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Every_thread_of_a_worker_gives_way_to_its_host(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 2, WorkerStart = start }).InTime();
        foreach (var worker in pool.GetStatistics().Workers)
        {
            Assert.All(
                Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker.ProcessId}/task")),
                thread => Assert.Equal(Batch, PolicyOf(thread)));
        }
    }

    /// <summary>The field "policy" of a thread's stat, the 41st; the first two end with the last bracket.</summary>
    private static string PolicyOf(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
    }
}

public sealed class SchedulingOverGrpc : Scheduling<OverGrpc>;

public sealed class SchedulingOverDirect : Scheduling<OverDirect>;
