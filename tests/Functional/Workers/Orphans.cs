using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>When the host ends, however it ends, everything that it and its tools have started ends too.</summary>
public sealed class Orphans
{
    // It is a matter of milliseconds; two seconds are for a machine under load.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "hang")]
    [InlineData(WorkerStart.Fork, "busy_loop")]
    [InlineData(WorkerStart.Fork, "uninterruptible")]
    [InlineData(WorkerStart.Fork, "swallow_forever")]
    [InlineData(WorkerStart.Fork, "spawn_child_and_hang")]
    [InlineData(WorkerStart.Spawn, "hang")]
    [InlineData(WorkerStart.Spawn, "busy_loop")]
    [InlineData(WorkerStart.Spawn, "uninterruptible")]
    [InlineData(WorkerStart.Spawn, "swallow_forever")]
    [InlineData(WorkerStart.Spawn, "spawn_child_and_hang")]
    public async Task Nothing_outlives_a_host_that_is_killed_in_mid_call(WorkerStart start, string tool)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        using var host = HostProcess.Start(start, tool, marker.Path, environment =>
        {
            trace.On(environment);
            // A host that is killed cannot delete its socket directory; the test does.
            environment["TMPDIR"] = Path.GetDirectoryName(marker.Path);
        });
        await marker.WrittenAsync("marker.0");
        await marker.WrittenAsync("marker.1");
        var children = tool == "spawn_child_and_hang" ? 2 : 0;
        var expected = 1 + (start == WorkerStart.Fork ? 1 : 0) + 2 + children;
        await Eventually.True(() => trace.Alive().Length == expected, $"the host, its Pythons and {children} children of tools are found");

        await host.KillAsync();

        await trace.NothingIsLeft(Soon);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Nothing_outlives_a_host_that_is_killed_while_it_is_frozen(WorkerStart start)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        using var host = HostProcess.Start(start, "hang", marker.Path, environment =>
        {
            trace.On(environment);
            environment["TMPDIR"] = Path.GetDirectoryName(marker.Path);
        });
        await marker.WrittenAsync("marker.0");
        await marker.WrittenAsync("marker.1");
        Snakepit.Processes.Signals.Send(host.Id, OsProcess.Stop);

        await host.KillAsync();

        await trace.NothingIsLeft(Soon);
    }
}
