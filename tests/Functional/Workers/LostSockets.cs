using System.Net.Sockets;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests pools whose sockets another program deletes, such as a cleaner of temporary files.</summary>
[Collection(Alone.Name)] // the tests set the variable TMPDIR of the whole process
public abstract class LostSockets<T> : IDisposable
    where T : ITestTransport
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string? _before = Environment.GetEnvironmentVariable("TMPDIR");
    private readonly Marker _files = new();
    private readonly ProcessTrace _trace = new();

    protected LostSockets()
    {
        Directory.CreateDirectory(Temporary);
        Environment.SetEnvironmentVariable("TMPDIR", Temporary);
    }

    private string Temporary => _files.At("tmp");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("TMPDIR", _before);
        _files.Dispose();
        _trace.AssertNothingIsLeft();
        GC.SuppressFinalize(this);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "directory")]
    [InlineData(WorkerStart.Fork, "control socket")]
    [InlineData(WorkerStart.Fork, "sockets of workers")]
    [InlineData(WorkerStart.Spawn, "directory")]
    [InlineData(WorkerStart.Spawn, "control socket")]
    [InlineData(WorkerStart.Spawn, "sockets of workers")]
    public async Task What_was_deleted_is_made_again_when_a_worker_starts_and_running_workers_go_on(WorkerStart start, string what)
    {
        await using var pool = await SnakepitPool.StartAsync(Options(start)).InTime();
        var (before, directory) = (pool.ProcessIds(), pool.SocketDirectory());
        var running = pool.ExecuteAsync("until", new { gate = _files.Path, marker = _files.At("runs") });
        await _files.WrittenAsync("runs");
        Delete(directory, what);
        var idle = pool.GetStatistics().Workers.Single(worker => worker.State == WorkerState.Idle).ProcessId;

        OsProcess.Kill(idle);

        await Eventually.True(
            () => pool.GetStatistics() is { Restarts: 1 } now && now.Count(WorkerState.Idle) == 1, "the killed worker has a successor");
        Assert.Equal(OnlyOwner, File.GetUnixFileMode(directory));
        Assert.Equal(7, await pool.ExecuteAsync<int>("value", new { given = 7 }).InTime());
        _files.Write();
        await running.InTime();
        Assert.Equal(before.Single(pid => pid != idle), pool.ProcessIds().Intersect(before).Single());
        Assert.All(
            pool.GetStatistics().Workers, worker => Assert.StartsWith($"unix:{directory}/", worker.Endpoint, StringComparison.Ordinal));
        await pool.DisposeAsync().InTime();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "a file")]
    [InlineData(WorkerStart.Fork, "a socket without a listener")]
    [InlineData(WorkerStart.Spawn, "a link to nothing")]
    public async Task What_lies_in_place_of_the_control_socket_is_replaced_when_a_worker_starts(WorkerStart start, string what)
    {
        await using var pool = await SnakepitPool.StartAsync(Options(start) with { Workers = 1 }).InTime();
        var path = Path.Combine(pool.SocketDirectory(), "control.sock");
        File.Delete(path);
        switch (what)
        {
            case "a file":
                await File.WriteAllTextAsync(path, "");
                break;
            case "a link to nothing":
                File.CreateSymbolicLink(path, "/nowhere");
                break;
            default:
                using (var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    other.Bind(new UnixDomainSocketEndPoint($"{path}.other"));
                    File.Move($"{path}.other", path); // so that it stays when the socket is closed
                }

                break;
        }

        OsProcess.Kill(pool.ProcessIds()[0]);

        await Eventually.True(() => pool.GetStatistics() is { Restarts: 1 } now && now.Count(WorkerState.Idle) == 1, "it has a successor");
        Assert.Equal(7, await pool.ExecuteAsync<int>("value", new { given = 7 }).InTime());
    }

    [PythonFact]
    public async Task A_control_socket_that_could_not_be_replaced_at_first_is_made_later()
    {
        await using var listener = new ControlListener();
        var path = listener.SocketPath;
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "full")); // nothing can be renamed to it

        var failed = Assert.Throws<SocketDirectoryException>(() => { _ = listener.Expect(1); });
        Assert.Equal(path, failed.Path);
        Assert.Throws<SocketDirectoryException>(() => { _ = listener.Expect(1); });
        Directory.Delete(path, recursive: true);

        _ = listener.Expect(1);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path)).InTime();
    }

    [PythonFact]
    public async Task A_control_socket_that_was_out_of_reach_for_a_while_is_used_again()
    {
        await using var listener = new ControlListener();
        var (path, hidden) = (listener.SocketPath, $"{listener.SocketPath}.hidden");
        File.Move(path, hidden);
        Directory.CreateDirectory(Path.Combine(path, "full"));
        Assert.Throws<SocketDirectoryException>(() => { _ = listener.Expect(1); });
        Directory.Delete(path, recursive: true);
        File.Move(hidden, path);

        _ = listener.Expect(1);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path)).InTime();
    }

    [PythonFact]
    public async Task A_template_that_is_killed_after_the_sockets_were_deleted_is_replaced()
    {
        await using var pool = await SnakepitPool.StartAsync(Options(WorkerStart.Fork)).InTime();
        Directory.Delete(pool.SocketDirectory(), recursive: true);
        OsProcess.Kill(pool.TemplateId());
        await Eventually.True(() => pool.GetStatistics().Restarts == 2, "both workers were lost");
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(7, await pool.ExecuteAsync<int>("value", new { given = 7 }).InTime());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "open directory")]
    [InlineData(WorkerStart.Fork, "link")]
    [InlineData(WorkerStart.Fork, "file")]
    [InlineData(WorkerStart.Spawn, "open directory")]
    [InlineData(WorkerStart.Spawn, "link")]
    [InlineData(WorkerStart.Spawn, "file")]
    public async Task What_somebody_else_has_made_in_place_of_the_directory_is_not_used(WorkerStart start, string what)
    {
        await using var pool = await SnakepitPool.StartAsync(Options(start)).InTime();
        var directory = pool.SocketDirectory();
        Directory.Delete(directory, recursive: true);
        var elsewhere = Directory.CreateDirectory(_files.At("elsewhere"), OnlyOwner).FullName;
        switch (what)
        {
            case "open directory":
                Directory.CreateDirectory(directory);
                File.SetUnixFileMode(directory, OnlyOwner | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
                elsewhere = directory;
                break;
            case "link":
                Directory.CreateSymbolicLink(directory, elsewhere);
                break;
            default:
                await File.WriteAllTextAsync(directory, "");
                break;
        }

        Array.ForEach(pool.ProcessIds(), OsProcess.Kill);

        await Eventually.True(() => pool.GetStatistics().Restarts == 2, "both workers were lost");
        await pool.WaitForIdleWorkers(2);
        Assert.Equal(7, await pool.ExecuteAsync<int>("value", new { given = 7 }).InTime());
        var moved = pool.SocketDirectory();
        Assert.NotEqual(directory, moved);
        Assert.Equal(OnlyOwner, File.GetUnixFileMode(moved));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        await pool.DisposeAsync().InTime();
        Assert.False(Directory.Exists(moved));
        Assert.True(Path.Exists(directory));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Without_a_temporary_directory_callers_get_its_path_and_the_pool_recovers_when_it_is_back(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Options(start) with { Workers = 1 }).InTime();
        var directory = pool.SocketDirectory();
        Directory.Delete(Temporary, recursive: true);
        OsProcess.Kill(pool.ProcessIds()[0]);
        await Eventually.True(() => pool.GetStatistics().Health == PoolHealth.Unavailable, "the pool has no worker and cannot start one");
        var refused = await Assert.ThrowsAnyAsync<SnakepitException>(() => pool.ExecuteAsync("pid").InTime());
        var cause = Assert.IsType<SocketDirectoryException>(refused.InnerException);
        Assert.Contains(directory, cause.Message, StringComparison.Ordinal);
        Assert.True(cause.IsTransient);

        Directory.CreateDirectory(Temporary);

        await pool.WaitForIdleWorkers(1);
        Assert.Equal(7, await pool.ExecuteAsync<int>("value", new { given = 7 }).InTime());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task If_a_socket_is_deleted_while_its_worker_starts_the_exception_names_the_socket(WorkerStart start)
    {
        await File.WriteAllTextAsync(_files.At("flag"), "");
        var options = Options(start) with
        {
            Adapter = "loses_its_socket",
            Workers = 1,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = _files.At("flag") },
        };
        var failed = await Assert.ThrowsAsync<SocketDirectoryException>(() => SnakepitPool.StartAsync(_trace.Tag(options)).InTime());
        Assert.StartsWith(Temporary, failed.Path, StringComparison.Ordinal);
        Assert.EndsWith("/1.sock", failed.Path, StringComparison.Ordinal);
        Assert.Contains(failed.Path, failed.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    [PythonTheory]
    [InlineData("missing")]
    [InlineData("a file")]
    [InlineData("without space for a directory")]
    [InlineData("too long")]
    public async Task A_start_whose_temporary_directory_cannot_be_used_names_it(string how)
    {
        var temporary = how switch
        {
            "missing" => _files.At("missing"),
            "a file" => _files.At("file"),
            "too long" => Directory.CreateDirectory(_files.At(string.Concat(Enumerable.Repeat("ü", 40)))).FullName,
            _ => "/proc",
        };
        await File.WriteAllTextAsync(_files.At("file"), "");
        Environment.SetEnvironmentVariable("TMPDIR", temporary);
        var failed = await Assert.ThrowsAsync<SocketDirectoryException>(() => SnakepitPool.StartAsync(Options(WorkerStart.Fork)).InTime());
        Assert.Contains(temporary, failed.Message, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", failed.Message, StringComparison.Ordinal);
        if (how == "too long")
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        }
    }

    private static void Delete(string directory, string what)
    {
        if (what == "directory")
        {
            Directory.Delete(directory, recursive: true);
            return;
        }

        foreach (var socket in Directory.GetFiles(directory, "*.sock"))
        {
            if (Path.GetFileName(socket) == "control.sock" == (what == "control socket"))
            {
                File.Delete(socket);
            }
        }
    }

    private SnakepitOptions Options(WorkerStart start) => _trace.Tag(Probe.Over<T>() with { WorkerStart = start });
}

public sealed class LostSocketsOverGrpc : LostSockets<OverGrpc>;

public sealed class LostSocketsOverDirect : LostSockets<OverDirect>;
