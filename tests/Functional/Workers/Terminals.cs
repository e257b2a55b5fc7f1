using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests workers of a program that runs in a terminal.</summary>
public sealed class Terminals
{
    // Runs the command that follows in a terminal of its own, to which nobody types.
    private const string InTerminal =
        "exec \"$TERMINAL_PYTHON\" -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "
        + "\"$@\" </dev/null";

    [PythonTheory]
    [InlineData(WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Direct)]
    public async Task Code_that_asks_the_terminal_finds_none_and_its_worker_goes_on(WorkerStart start, WorkerTransport transport)
    {
        const string Nothing = "no input, ENXIO, True";
        using var marker = new Marker();
        var python = await TestPython.PathAsync(transport);
        using var host = HostProcess.Start(
            start,
            "ask",
            marker.Path,
            environment =>
            {
                environment["TERMINAL_PYTHON"] = python;
                environment["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "probes");
                environment[ProbeHost.AdapterVariable] = "asks_the_terminal";
                environment[ProbeHost.TransportVariable] = transport.ToString();
            },
            shell: InTerminal);
        var output = await host.ReadOutputAsync();
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, output + errors);
        Assert.All([$"{marker.Path}.0", $"{marker.Path}.1"], path => Assert.Equal($"{Nothing}; {Nothing}", File.ReadAllText(path)));
    }
}
