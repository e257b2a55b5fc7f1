using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests what runs at the end of a worker that has drained: stop(), threads, exit handlers, and writing out what open files buffer.
/// </summary>
public abstract class GracefulEnds<T> : IDisposable
    where T : ITestTransport
{
    private static readonly string[] ExitHandlersOfATool = ["last exit handler", "first exit handler", "finalizer"];

    private readonly Marker _marker = new();
    private readonly ProcessTrace _trace = new();
    private readonly RecordedLog _log = new();

    private string Directory => Path.GetDirectoryName(_marker.Path)!;

    public void Dispose()
    {
        _trace.AssertNothingIsLeft();
        _marker.Dispose();
        _log.Dispose();
        GC.SuppressFinalize(this);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_of_a_disposed_pool_runs_exit_handlers_and_writes_out_open_files(WorkerStart start)
    {
        var pool = await StartAsync(start);
        await pool.ExecuteAsync("make_what_ends").InTime();
        await pool.DisposeAsync().InTime();

        var life = Life();
        Assert.Equal(["prepare", "start", "stop"], life[..3]);
        Assert.Equal(ExitHandlersOfATool.Order(), life[3..6].Order());
        Assert.Equal(["exit handler of the import here"], life[6..]);
        await _log.WaitForLineAsync("an exit handler has failed");
        Assert.Equal("text", await File.ReadAllTextAsync(_marker.At("text")));
        Assert.Equal("binary", await File.ReadAllTextAsync(_marker.At("binary")));
        Assert.Equal("import\nworker\n", await File.ReadAllTextAsync(_marker.At("opened-at-import")));
        await using var zipped = new GZipStream(File.OpenRead(_marker.At("gz")), CompressionMode.Decompress);
        using var text = new StreamReader(zipped);
        Assert.Equal("zipped", await text.ReadToEndAsync());
        using var archive = ZipFile.OpenRead(_marker.At("zip"));
        Assert.Equal("member", Assert.Single(archive.Entries).Name);
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(Directory, "own-*"));
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(Directory, "shared-*"));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Databases_and_recordings_that_write_when_they_are_closed_are_complete(WorkerStart start)
    {
        var pool = await StartAsync(start);
        await pool.ExecuteAsync("make_what_is_written_when_it_is_closed").InTime();
        await pool.DisposeAsync().InTime();
        await using var second = await StartAsync(start);
        Assert.Equal(
            """["Ada, Countess of Lovelace","Ada, Countess of Lovelace",300]""",
            (await second.ExecuteAsync<JsonElement>("what_was_written").InTime()).GetRawText());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Programs_that_read_what_a_worker_writes_at_its_end_finish_with_it(WorkerStart start)
    {
        var pool = await StartAsync(start, options => options with { TerminateTimeout = TimeSpan.FromSeconds(20) });
        await pool.ExecuteAsync("make_readers").InTime();
        await pool.DisposeAsync().InTime();
        foreach (var name in new[] { "first", "second", "third" })
        {
            Assert.Equal($"text of the {name}\ndone\n", await File.ReadAllTextAsync(_marker.At(name)));
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_program_that_goes_on_after_its_input_has_ended_holds_its_worker_for_no_longer_than_the_limit(WorkerStart start)
    {
        var pool = await StartAsync(start);
        var program = await pool.ExecuteAsync<int>("make_reader_that_stays").InTime();
        await pool.DisposeAsync().InTime();
        await _log.WaitForLineAsync("the end of programs that read from it");
        await OsProcess.Gone(program);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Shared_memory_and_semaphores_that_a_worker_has_made_are_removed_when_it_ends(WorkerStart start)
    {
        var pool = await StartAsync(start);
        var paths = (await pool.ExecuteAsync<string[]>("make_what_is_shared").InTime()).Select(name => $"/dev/shm/{name}").ToList();
        await pool.DisposeAsync().InTime();
        Assert.Equal(2, paths.Count);
        Assert.DoesNotContain(paths, File.Exists);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_has_used_up_its_memory_runs_exit_handlers_and_writes_out_open_files(WorkerStart start)
    {
        var pool = await StartAsync(start);
        await pool.ExecuteAsync("fill_memory").InTime();
        await pool.DisposeAsync().InTime();
        Assert.Equal(["stop", "exit handler"], Life()[2..4]);
        Assert.Equal("text", await File.ReadAllTextAsync(_marker.At("text")));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_step_of_the_end_that_fails_keeps_no_other_from_running(WorkerStart start)
    {
        var pool = await StartAsync(start);
        await pool.ExecuteAsync("break_steps_of_the_end").InTime();
        await pool.DisposeAsync().InTime();
        await _log.WaitForLineAsync("LookupError: an exit handler has failed");
        Assert.Equal(["stop", "exit handler"], Life()[2..4]);
        Assert.Equal("logged\n", await File.ReadAllTextAsync(_marker.At("log")));
        Assert.Equal("text", await File.ReadAllTextAsync(_marker.At("text")));
    }

    [PythonFact]
    public async Task A_recycled_worker_ends_in_the_same_way_and_leaves_to_the_others_what_they_share()
    {
        await using var pool = await StartAsync(WorkerStart.Fork, options => options with { Recycling = new() { MaxCalls = 1 } });
        var recycled = Assert.Single(pool.ProcessIds());
        await pool.ExecuteAsync("make_what_ends").InTime();
        await OsProcess.Gone(recycled);
        await pool.WaitForIdleWorkers(1);

        Assert.True(await pool.ExecuteAsync<bool>("shared_directory_exists").InTime());
        Assert.Equal("text", await File.ReadAllTextAsync(_marker.At("text")));
        Assert.Contains("finalizer", Life());
        Assert.DoesNotContain("exit handler of the import elsewhere", Life());
        Assert.DoesNotContain("exit handler of the import here", Life());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_waits_for_threads_before_it_runs_exit_handlers(WorkerStart start)
    {
        var pool = await StartAsync(start);
        await pool.ExecuteAsync("start_thread", new { seconds = 0.2 }).InTime();
        await pool.DisposeAsync().InTime();
        Assert.Equal(["stop", "thread", "exit handler"], Life()[2..5]);
    }

    [PythonTheory]
    [InlineData("start_thread")]
    [InlineData("hang_at_exit")]
    public async Task A_thread_or_exit_handler_that_never_ends_holds_no_worker_for_longer_than_the_terminate_timeout(string tool)
    {
        var pool = await StartAsync(WorkerStart.Fork, options => options with { TerminateTimeout = TimeSpan.FromSeconds(8) });
        await pool.ExecuteAsync(tool, new { seconds = 1000 }).InTime();
        var clock = Stopwatch.StartNew();
        await pool.DisposeAsync().InTime();

        // A worker ends itself at the latest after 15/16 of the timeout, here 0.5 s before it would be killed.
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), Eventually.Patience);
        await _log.WaitForLineAsync(tool == "start_thread" ? "did not end in time: lingering" : "this code has run for too long");
        Assert.Contains(tool == "start_thread" ? "exit handler" : "first exit handler", Life());
        Assert.DoesNotContain(_log.Records, record => record.Message.Contains("It is sent", StringComparison.Ordinal));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_end_that_cannot_be_interrupted_is_over_within_the_terminate_timeout_and_the_log_has_the_stacks(WorkerStart start)
    {
        var pool = await StartAsync(start, options => options with
        {
            DrainTimeout = TimeSpan.FromMinutes(1),
            TerminateTimeout = TimeSpan.FromSeconds(8),
        });
        await pool.ExecuteAsync("block_a_file").InTime();
        var clock = Stopwatch.StartNew();
        await pool.DisposeAsync().InTime();

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), Eventually.Patience); // far below DrainTimeout
        await _log.WaitForLineAsync("Timeout (0:00:07.5");
        await _log.WaitForLineAsync("open_files.py");
        Assert.DoesNotContain(_log.Records, record => record.Message.Contains("It is sent", StringComparison.Ordinal));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_stop_that_raises_is_logged_and_the_exit_handlers_still_run(WorkerStart start)
    {
        var pool = await StartAsync(start, stop: "raises");
        await pool.ExecuteAsync("make_what_ends").InTime();
        await pool.DisposeAsync().InTime();
        await _log.WaitForLineAsync("LookupError: stop cannot stop");
        Assert.Contains("last exit handler", Life());
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_stop_that_hangs_is_interrupted_after_the_drain_timeout_and_the_exit_handlers_still_run(WorkerStart start)
    {
        var pool = await StartAsync(start, options => options with { DrainTimeout = TimeSpan.FromMilliseconds(300) }, stop: "hangs");
        await pool.ExecuteAsync("make_what_ends").InTime();
        await pool.DisposeAsync().InTime();
        await _log.WaitForLineAsync("stop() did not end within DrainTimeout");
        Assert.Contains("last exit handler", Life());
        Assert.DoesNotContain(_log.Records, record => record.Message.Contains("SIGKILL", StringComparison.Ordinal));
    }

    private string[] Life() => File.ReadAllLines(_marker.At("life"));

    private Task<SnakepitPool> StartAsync(
        WorkerStart start, Func<SnakepitOptions, SnakepitOptions>? change = null, string stop = "returns")
    {
        var options = Probe.Over<T>() with
        {
            Adapter = "ends_gracefully",
            Workers = 1,
            WorkerStart = start,
            LoggerFactory = _log,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_LIFE"] = Directory, ["PROBE_STOP"] = stop },
        };
        return SnakepitPool.StartAsync(_trace.Tag(change?.Invoke(options) ?? options)).InTime();
    }
}

public sealed class GracefulEndsOverGrpc : GracefulEnds<OverGrpc>;

public sealed class GracefulEndsOverDirect : GracefulEnds<OverDirect>;
