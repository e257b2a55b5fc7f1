using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that a program may change its working directory while it has a pool.</summary>
public sealed class ChangedDirectories
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Direct)]
    public async Task Processes_are_replaced_as_they_began_also_where_paths_are_relative(WorkerStart start, WorkerTransport transport)
    {
        using var marker = new Marker();
        var temporary = Directory.CreateDirectory(marker.At("sockets"));
        using var host = HostProcess.Start(start, "write_directory", marker.At("called"), environment =>
        {
            environment["TMPDIR"] = "./" + Path.GetRelativePath(AppContext.BaseDirectory, temporary.FullName);
            environment[ProbeHost.TransportVariable] = transport.ToString();
            environment[ProbeHost.LaterDirectoryVariable] = "/";
        });
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Empty(temporary.GetFileSystemInfos("snakepit-*")); // .NET itself leaves files there, because the path was relative
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), await File.ReadAllTextAsync(marker.At("called.0")));
    }
}
