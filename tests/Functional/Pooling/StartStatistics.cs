using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

public sealed class StartStatistics
{
    [PythonFact]
    public async Task A_snapshot_tells_when_the_template_and_each_worker_passed_the_phases_of_their_start()
    {
        var before = TimeProvider.System.GetUtcNow();
        await using var pool = await SnakepitPool.StartAsync(Probe.Options).InTime();
        var statistics = pool.GetStatistics();

        var template = statistics.Template!;
        Assert.Equal(pool.TemplateId(), template.ProcessId);
        Assert.False(template.IsShared);
        AssertInOrder(before, template.Started, template.Connected!.Value, template.Prepared!.Value);
        Assert.Equal(2, statistics.Workers.Length);
        Assert.All(statistics.Workers, worker =>
        {
            var start = worker.Start!;
            AssertInOrder(template.Prepared!.Value, start.Launched, start.Connected, start.Listening, start.Ready, TimeProvider.System.GetUtcNow());
            Assert.Equal(start.Ready - start.Launched, start.Duration);
        });
    }

    [PythonFact]
    public async Task Workers_in_interpreters_of_their_own_have_no_template()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { WorkerStart = WorkerStart.Spawn }).InTime();
        Assert.Null(pool.GetStatistics().Template);
        Assert.All(pool.GetStatistics().Workers, worker => Assert.NotNull(worker.Start));
    }

    [PythonFact]
    public async Task A_template_that_several_pools_use_is_shared()
    {
        await using var template = await SnakepitTemplate.StartAsync(Probe.Options).InTime();
        await using var pool = await template.StartPoolAsync(workers: 1).InTime();
        var statistics = pool.GetStatistics().Template!;
        Assert.Equal((template.ProcessId, true), (statistics.ProcessId, statistics.IsShared));
    }

    [PythonFact]
    public async Task Frames_and_time_in_the_queue_only_grow_even_when_a_worker_is_replaced()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime();
        var before = pool.GetStatistics();
        Assert.Equal(TimeSpan.Zero, before.TotalQueueTime);

        var running = pool.ExecuteAsync("until", new { gate = gate.Path });
        var waiting = pool.ExecuteAsync("pid");
        await Eventually.True(() => pool.GetStatistics().QueueLength == 1, "the second call waits");
        gate.Write();
        await Task.WhenAll(running, waiting).InTime();
        var after = pool.GetStatistics();
        Assert.True(after.FramesExchanged >= before.FramesExchanged + 4, $"{before.FramesExchanged} and then {after.FramesExchanged} frames");
        Assert.True(after.TotalQueueTime > TimeSpan.Zero);

        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await pool.WaitForIdleWorkers(1);
        Assert.True(pool.GetStatistics().FramesExchanged > after.FramesExchanged);
    }

    private static void AssertInOrder(params DateTimeOffset[] times) => Assert.Equal(times.Order(), times);
}
