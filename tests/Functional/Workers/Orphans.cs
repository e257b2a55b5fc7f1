using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that all processes that a host process and its tools have started end when the host process is killed.</summary>
public sealed class Orphans
{
    // The time in which all processes must end. They end within milliseconds on a quiet machine; two seconds allow for a loaded machine.
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
    public async Task No_process_outlives_a_host_that_is_killed_in_mid_call(WorkerStart start, string tool)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        using var host = HostProcess.Start(start, tool, marker.Path, environment =>
        {
            trace.Tag(environment);
            // A host that is killed cannot delete its socket directory. With this TMPDIR, the host creates the socket directory inside the
            // marker's directory, and the test deletes both when it ends.
            environment["TMPDIR"] = Path.GetDirectoryName(marker.Path);
        });
        await marker.WrittenAsync("marker.0");
        await marker.WrittenAsync("marker.1");
        var children = tool == "spawn_child_and_hang" ? 2 : 0;
        var expected = 1 + (start == WorkerStart.Fork ? 1 : 0) + 2 + children;
        await Eventually.True(
            () => trace.Alive().Length == expected, $"the host, its Python processes and {children} children of tools are running");

        await host.KillAsync();

        await trace.WaitUntilNothingIsLeft(Soon);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_process_that_has_left_everything_of_its_worker_does_not_outlive_a_host_that_is_killed(WorkerStart start)
    {
        using var marker = new Marker();
        using var host = HostProcess.Start(
            start, "escape_and_hang", marker.Path, environment => environment["TMPDIR"] = Path.GetDirectoryName(marker.Path));
        var children = new[] { await marker.WrittenAsync("marker.0"), await marker.WrittenAsync("marker.1") }
            .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))
            .ToArray();
        Assert.All(children, pid => Assert.True(OsProcess.IsAlive(pid)));

        await host.KillAsync();

        foreach (var child in children)
        {
            await OsProcess.Gone(child, Soon);
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task No_process_outlives_a_host_that_is_killed_while_it_is_suspended(WorkerStart start)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        using var host = HostProcess.Start(start, "hang", marker.Path, environment =>
        {
            trace.Tag(environment);
            environment["TMPDIR"] = Path.GetDirectoryName(marker.Path);
        });
        await marker.WrittenAsync("marker.0");
        await marker.WrittenAsync("marker.1");
        Snakepit.Processes.Signals.Send(host.Id, OsProcess.SigStop);

        await host.KillAsync();

        await trace.WaitUntilNothingIsLeft(Soon);
    }
}
