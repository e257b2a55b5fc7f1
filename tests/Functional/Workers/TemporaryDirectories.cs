using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests which temporary directories a pool can work in, and what it reports about the others.</summary>
public sealed class TemporaryDirectories
{
    [PythonTheory]
    [InlineData("with space and 'quotes\"", WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData("with space and 'quotes\"", WorkerStart.Spawn, WorkerTransport.Direct)]
    [InlineData("a%41#?&=\nb", WorkerStart.Spawn, WorkerTransport.Grpc)]
    [InlineData("a%41#?&=\nb", WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData("größe", WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData("größe", WorkerStart.Spawn, WorkerTransport.Direct)]
    public async Task A_directory_may_have_any_name(string name, WorkerStart start, WorkerTransport transport)
    {
        using var marker = new Marker();
        Directory.CreateDirectory(marker.At(name));
        await AssertWorksAsync(start, transport, marker.At(name));
        Assert.Empty(Directory.GetFileSystemEntries(marker.At(name)));
    }

    [PythonFact]
    public async Task A_directory_may_be_relative()
    {
        using var marker = new Marker();
        var relative = Path.GetRelativePath(AppContext.BaseDirectory, Path.GetDirectoryName(marker.Path)!);
        await AssertWorksAsync(WorkerStart.Fork, WorkerTransport.Grpc, relative);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_directory_may_be_a_link_that_leads_elsewhere_when_the_pool_ends(WorkerStart start)
    {
        using var marker = new Marker();
        var (real, link) = (marker.At("real"), marker.At("link"));
        Directory.CreateDirectory(real);
        File.CreateSymbolicLink(link, real);
        using var host = HostProcess.Start(start, "repoint", marker.Path, environment =>
        {
            environment["TMPDIR"] = link;
            environment["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "probes");
            environment[ProbeHost.AdapterVariable] = "repoints_links";
        });
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Empty(Directory.GetDirectories(real)); // the runtime has files of its own there
        Assert.NotEqual(real, new FileInfo(link).LinkTarget);
    }

    [PythonFact]
    public async Task A_short_link_to_a_directory_with_a_long_path_is_kept()
    {
        using var marker = new Marker();
        var (real, link) = (marker.At(new string('x', 100)), marker.At("l"));
        Directory.CreateDirectory(real);
        File.CreateSymbolicLink(link, real);
        await AssertWorksAsync(WorkerStart.Fork, WorkerTransport.Grpc, link);
        Assert.Empty(Directory.GetFileSystemEntries(real));
    }

    [PythonTheory]
    [InlineData("missing")]
    [InlineData("marker")] // a file
    public async Task A_directory_that_cannot_be_used_is_named_with_the_variable(string name)
    {
        using var marker = new Marker();
        marker.Write();
        await AssertRefusedAsync(marker.At(name), $"A directory for sockets cannot be created in '{marker.At(name)}/'");
    }

    [PythonFact]
    public async Task A_path_of_too_many_bytes_is_reported_with_its_length_and_the_limit()
    {
        using var marker = new Marker();
        var directory = marker.At(new string('ä', 40)); // not many characters, but 80 bytes
        Directory.CreateDirectory(directory);
        await AssertRefusedAsync(directory, "is too long for a Unix socket: it has", "and at most 107 are allowed");
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    private static async Task AssertWorksAsync(WorkerStart start, WorkerTransport transport, string directory)
    {
        using var host = HostProcess.Start(start, "return_at_once", "", environment =>
        {
            environment["TMPDIR"] = directory;
            environment[ProbeHost.TransportVariable] = transport.ToString();
        });
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, errors);
    }

    private static async Task AssertRefusedAsync(string directory, params string[] messages)
    {
        using var host = HostProcess.Start(WorkerStart.Fork, "return_at_once", "", environment => environment["TMPDIR"] = directory);
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.Equal(ProbeHost.StartFailed, exitCode);
        Assert.StartsWith(nameof(SocketDirectoryException), errors, StringComparison.Ordinal);
        Assert.Contains("Set TMPDIR", errors, StringComparison.Ordinal);
        Assert.All(messages, message => Assert.Contains(message, errors, StringComparison.Ordinal));
    }
}
