using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slot that measures what a pool costs that does nothing.</summary>
public sealed class SlotsOfIdlePools
{
    private const int PauseMs = 1_000;

    [PythonFact]
    public async Task Heartbeats_are_found_in_the_wake_ups_and_the_cpu_time_of_an_idle_pool()
    {
        var seldom = await MeasureAsync(TimeSpan.FromMinutes(1));
        var often = await MeasureAsync(TimeSpan.FromMilliseconds(20));
        Assert.InRange(often.WorkersWakeUps, 20, 1_000); // up to 50 for each of two workers, and fewer on a busy machine
        Assert.InRange(seldom.WorkersWakeUps, 0, often.WorkersWakeUps / 2);
        Assert.InRange(often.WorkersCpuMs, double.Epsilon, 1_000);
        Assert.InRange(seldom.WorkersCpuMs, 0, often.WorkersCpuMs);

        // Other tests run in this process, too, so only the order of magnitude of what it does is known.
        Assert.InRange(often.HostWakeUps, 20, 1e6);
        Assert.InRange(often.HostCpuMs, 0.1, 1_000 * Environment.ProcessorCount);
        Assert.Equal((0, 0), (seldom.TemplateCpuMs, seldom.TemplateWakeUps)); // a template only waits for orders to fork
    }

    [PythonFact]
    public async Task A_worker_that_is_replaced_meanwhile_fails_the_slot()
    {
        await using var state = new HostState();
        var pool = await StartAsync(state, TimeSpan.FromMinutes(1));
        var idle = IdleHandlers.WaitAsync(state, new IdleSlot(Milliseconds: 4_000));
        await Task.Delay(1_000);
        var killed = pool.GetStatistics().Workers[0].ProcessId;
        using (var worker = System.Diagnostics.Process.GetProcessById(killed))
        {
            worker.Kill();
        }

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => idle).InTime();
        Assert.Contains("The idle pool has replaced processes: its template and workers were ", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<IdleReply> MeasureAsync(TimeSpan interval)
    {
        await using var state = new HostState();
        await StartAsync(state, interval);
        return await IdleHandlers.WaitAsync(state, new IdleSlot(PauseMs)).InTime();
    }

    private static async Task<SnakepitPool> StartAsync(HostState state, TimeSpan interval)
    {
        state.Transport = WorkerTransport.Direct;
        var heartbeat = new HeartbeatOptions { Interval = interval, MaxMissed = 1_000 };
        var pool = await SnakepitPool.StartAsync(state.Options(workers: 2) with { Heartbeat = heartbeat }).InTime();
        state.Keep(pool);
        return pool;
    }
}
