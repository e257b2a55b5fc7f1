using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests that pools that run at the same time, in one program or in two, do not affect each other.</summary>
public sealed class TwoPools
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Two_pools_in_one_process_do_not_affect_each_other(WorkerStart start)
    {
        using var gate = new Marker();
        var trace = new ProcessTrace();
        var options = Probe.Options with { Workers = 1, WorkerStart = start };
        await using var staying = await SnakepitPool.StartAsync(options).InTime();
        await using var ending = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var before = staying.ProcessIds();
        Assert.NotEqual(staying.SocketDirectory(), ending.SocketDirectory());
        var running = staying.ExecuteAsync<string>("until", new { gate = gate.Path });

        await Assert.ThrowsAsync<WorkerLostException>(() => ending.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await ending.DisposeAsync().InTime();

        trace.AssertNothingIsLeft();
        gate.Write();
        Assert.Equal("opened", await running.InTime());
        Assert.Equal(before, staying.ProcessIds());
        Assert.Equal(0, staying.GetStatistics().Restarts);
        Assert.Equal(new CallStatistics(1, 1, 0, 0, 0, 0, 0), staying.GetStatistics().Calls);
    }

    [PythonFact]
    public async Task Two_programs_on_one_machine_do_not_affect_each_other()
    {
        using var marker = new Marker();
        var (mine, theirs) = (new ProcessTrace(), new ProcessTrace());
        await using var pool = await SnakepitPool.StartAsync(mine.Tag(Probe.Options)).InTime();
        var before = pool.ProcessIds();
        using var host = HostProcess.Start(WorkerStart.Fork, "hang", marker.Path, environment =>
        {
            theirs.Tag(environment);
            // A host that is killed cannot delete its socket directory. With this TMPDIR, the host creates the socket directory inside the
            // marker's directory, and the test deletes both when it ends.
            environment["TMPDIR"] = Path.GetDirectoryName(marker.Path);
        });
        await marker.WrittenAsync("marker.0");
        await marker.WrittenAsync("marker.1");
        Assert.Equal(4, theirs.Alive().Length); // the other program, its template and its two workers

        await using (var another = await SnakepitPool.StartAsync(Probe.Options).InTime())
        {
            await another.ExecuteAsync("pid").InTime();
        }

        Assert.Equal(4, theirs.Alive().Length);
        await host.KillAsync();
        await theirs.WaitUntilNothingIsLeft();
        Assert.Equal(before, pool.ProcessIds());
        Assert.Contains(await pool.ExecuteAsync<int>("pid").InTime(), before);
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }
}
