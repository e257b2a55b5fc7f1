using System.Diagnostics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests a pool of 128 workers.</summary>
[Collection(Alone.Name)]
public sealed class ManyWorkers
{
    private const int Workers = 128;

    [PythonFact]
    public async Task A_hundred_and_twenty_eight_workers_start_serve_and_stop()
    {
        var trace = new ProcessTrace();
        var before = (Descriptors: OsProcess.OwnDescriptors(), Threads: OsProcess.OwnThreads());
        var clock = Stopwatch.StartNew();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Options with { Workers = Workers })).InTime();
        var started = clock.Elapsed;
        Assert.Equal(Workers, pool.GetStatistics().Count(WorkerState.Idle));
        // Five descriptors per worker, 640 in all, are fewer than the 1,024 that Linux by default allows a process. The pool may add some
        // threads to this process, but not one for each worker.
        Assert.InRange(OsProcess.OwnDescriptors() - before.Descriptors, Workers, 5 * Workers);
        Assert.InRange(OsProcess.OwnThreads() - before.Threads, -Workers, Workers / 2);

        using var gate = new Marker();
        var calls = Enumerable.Range(0, Workers).Select(_ => pool.ExecuteAsync<string>("until", new { gate = gate.Path })).ToList();
        Assert.Equal(Workers, pool.GetStatistics().Count(WorkerState.Busy)); // every worker runs one call
        gate.Write();
        Assert.All(await Task.WhenAll(calls).InTime(), result => Assert.Equal("opened", result));
        var results = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(
            given => pool.ExecuteAsync<int>("value", new { given }))).InTime();
        Assert.Equal(Enumerable.Range(0, 1_000), results);

        clock.Restart();
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
        Assert.InRange(started, TimeSpan.Zero, TimeSpan.FromSeconds(10)); // the start takes 2 s on a quiet machine
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
