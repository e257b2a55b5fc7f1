using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Protocol.V1;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests how pools and templates start, and which environment a new worker has.</summary>
public sealed class Starting
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork, 6)]
    [InlineData(WorkerStart.Spawn, 3)]
    public async Task All_workers_are_ready_when_the_start_returns(WorkerStart start, int workers)
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(
            trace.Tag(Probe.Options with { WorkerStart = start, Workers = workers })).InTime();
        var now = pool.GetStatistics();
        Assert.Equal(workers, now.Workers.Length);
        Assert.Equal(workers, now.Count(WorkerState.Idle));
        Assert.Equal(workers, now.Workers.Select(worker => worker.ProcessId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, workers), now.Workers.Select(worker => worker.Worker).Order());
        Assert.All(now.Workers, worker => Assert.True(OsProcess.IsAlive(worker.ProcessId)));
        Assert.Equal(workers + (start == WorkerStart.Fork ? 1 : 0), trace.Alive().Length);

        // Every worker runs calls: the test makes as many calls as there are workers, and each call waits in its worker for the gate file.
        using var gate = new Marker();
        var running = Enumerable.Range(0, workers)
            .Select(one => pool.ExecuteAsync("until", new { gate = gate.Path, marker = gate.At($"{one}") }))
            .ToArray();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(one => gate.WrittenAsync($"{one}"))).InTime();
        gate.Write();
        await Task.WhenAll(running).InTime();
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_warm_template_starts_several_pools()
    {
        var trace = new ProcessTrace();
        await using var template = await SnakepitTemplate.StartAsync(trace.Tag(Probe.Options)).InTime();
        Assert.True(OsProcess.IsAlive(template.ProcessId));
        var seen = new HashSet<int>();
        for (var workers = 1; workers <= 3; workers++)
        {
            await using var pool = await template.StartPoolAsync(workers).InTime();
            Assert.Equal(workers, pool.ProcessIds().Count(seen.Add));
            Assert.Equal(template.ProcessId, pool.TemplateId());
            Assert.Equal(workers, await pool.ExecuteAsync<int>("value", new { given = workers }).InTime());
        }

        await using var first = await template.StartPoolAsync().InTime();
        await using var second = await template.StartPoolAsync(1).InTime();
        Assert.Equal(2 + 1 + 1, trace.Alive().Length);
        await first.DisposeAsync().InTime();
        Assert.Equal(1, await second.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        await second.DisposeAsync().InTime();
        Assert.Equal([template.ProcessId], trace.Alive());
        await template.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Disposing_a_template_ends_the_workers_of_its_pools()
    {
        var trace = new ProcessTrace();
        await using var template = await SnakepitTemplate.StartAsync(
            trace.Tag(Probe.Options with { QueueTimeout = TimeSpan.FromSeconds(0.5) })).InTime();
        await using var pool = await template.StartPoolAsync().InTime();
        await template.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
        await Assert.ThrowsAnyAsync<SnakepitException>(() => pool.ExecuteAsync("pid").InTime());
        await pool.DisposeAsync().InTime();
    }

    [PythonFact]
    public async Task A_template_refuses_options_that_spawn_workers()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => SnakepitTemplate.StartAsync(Probe.Options with { WorkerStart = WorkerStart.Spawn }));
        Assert.Contains(nameof(SnakepitOptions.WorkerStart), refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_adapter_that_leaves_a_thread_running_is_spawned_instead_of_forked_and_a_warning_is_logged()
    {
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(
            trace.Tag(Probe.Options with { Adapter = "prepare_leaves_thread", LoggerFactory = log })).InTime();

        var keeper = await pool.ExecuteAsync<int>("parent").InTime();
        Assert.Equal(Environment.ProcessId, OsProcess.ParentOf(keeper));
        Assert.Equal(2, trace.Alive().Length); // two workers and no template process
        var warning = await log.WaitForLineAsync("cannot be forked");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("1 threads", warning.Message, StringComparison.Ordinal);
        Assert.Contains("WorkerStart.Spawn", warning.Message, StringComparison.Ordinal);

        OsProcess.Kill(pool.ProcessIds()[0]);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost and counted as a restart");
        await pool.WaitForIdleWorkers(2);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_pool_that_may_start_with_fewer_workers_gets_the_others_later()
    {
        using var marker = new Marker();
        var options = Probe.Options with
        {
            Adapter = "starts_one_of_many",
            MinimumReadyWorkers = 1,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_DIRECTORY"] = Path.GetDirectoryName(marker.Path)! },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal("pong", await pool.ExecuteAsync<string>("ping").InTime());
        Assert.InRange(pool.GetStatistics().Count(WorkerState.Idle), 1, 1);
        await File.WriteAllTextAsync(marker.At("open"), "");
        await pool.WaitForIdleWorkers(2);
    }

    [PythonFact]
    public async Task Cancelling_the_start_token_after_the_start_does_not_stop_later_workers()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        using var giveUp = new CancellationTokenSource();
        var options = Probe.Options with
        {
            Adapter = "first_starts_at_once",
            MinimumReadyWorkers = 1,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_DIRECTORY"] = Path.GetDirectoryName(marker.Path)! },
        };
        await using var pool = await SnakepitPool.StartAsync(options, giveUp.Token).InTime();
        await giveUp.CancelAsync();
        await File.WriteAllTextAsync(marker.At("open"), "");

        await pool.WaitForIdleWorkers(2);
        Assert.DoesNotContain(log.Records, record => record.Level >= LogLevel.Warning);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, 1)]
    [InlineData(WorkerStart.Spawn, 2)]
    public async Task An_adapter_is_prepared_once_by_a_template_and_started_and_stopped_by_every_worker(WorkerStart start, int prepared)
    {
        using var life = new Marker();
        var options = Probe.Options with
        {
            Adapter = "notes_its_life:Noting",
            WorkerStart = start,
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_LIFE"] = life.Path },
        };
        await using (var pool = await SnakepitPool.StartAsync(options).InTime())
        {
            await pool.ExecuteAsync("ping").InTime();
            Assert.DoesNotContain("stop", await File.ReadAllLinesAsync(life.Path));
        }

        var lines = await File.ReadAllLinesAsync(life.Path);
        int Times(string what) => lines.Count(line => line == what);
        Assert.Equal((prepared, 2, 2), (Times("prepare"), Times("start"), Times("stop")));
    }

    [PythonFact]
    public async Task Environment_variables_reach_the_workers()
    {
        var variables = new Dictionary<string, string> { ["PROBE_WORD"] = "a b=c" };
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1, EnvironmentVariables = variables }).InTime();
        Assert.Equal("a b=c", await pool.ExecuteAsync<string>("environment", new { name = "PROBE_WORD" }).InTime());
        Assert.Null(await pool.ExecuteAsync<string?>("environment", new { name = "PROBE_ABSENT" }).InTime());
    }

    [PythonFact]
    public async Task Numerical_libraries_get_one_thread_per_worker_by_default()
    {
        string[] names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"];
        await using (var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime())
        {
            foreach (var name in names.Where(name => Environment.GetEnvironmentVariable(name) is null))
            {
                Assert.Equal("1", await pool.ExecuteAsync<string?>("environment", new { name }).InTime());
            }
        }

        var variables = new Dictionary<string, string> { [names[1]] = "5" };
        var configured = Probe.Options with { Workers = 1, BlasThreads = 3, EnvironmentVariables = variables };
        await using (var pool = await SnakepitPool.StartAsync(configured).InTime())
        {
            Assert.Equal("3", await pool.ExecuteAsync<string?>("environment", new { name = names[0] }).InTime());
            Assert.Equal("5", await pool.ExecuteAsync<string?>("environment", new { name = names[1] }).InTime());
        }
    }

    [PythonTheory]
    [InlineData(true, "1")]
    [InlineData(false, "")]
    public async Task The_unbuffered_option_reaches_python_programs_that_tools_start(bool unbuffered, string variable)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1, Unbuffered = unbuffered }).InTime();
        Assert.Equal(variable, await pool.ExecuteAsync<string?>("environment", new { name = "PYTHONUNBUFFERED" }).InTime() ?? "");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_hash_seed_makes_hashes_the_same_in_every_pool(WorkerStart start)
    {
        var hashes = new List<long>();
        foreach (var seed in new long?[] { 7, 7, 8 })
        {
            var options = Probe.Options with { Workers = 1, WorkerStart = start, HashSeed = seed };
            await using var pool = await SnakepitPool.StartAsync(options).InTime();
            hashes.Add(await pool.ExecuteAsync<long>("hash_of", new { text = "snakepit" }).InTime());
        }

        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [PythonTheory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task Other_users_and_the_network_cannot_reach_the_sockets_of_workers(WorkerTransport transport)
    {
        var trace = new ProcessTrace();
        await using var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Options with { Transport = transport })).InTime();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(pool.SocketDirectory()));

        // The test proves that the processes have no network sockets: the network tables of the kernel list none of their sockets.
        var networks = new[] { "tcp", "tcp6", "udp", "udp6", "raw", "raw6" }
            .Select(network => $"/proc/net/{network}")
            .Where(File.Exists) // a kernel without IPv6 lacks some of these tables
            .SelectMany(network => File.ReadLines(network).Skip(1))
            .Select(line => $"socket:[{line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9]}]")
            .ToHashSet();
        var sockets = trace.Alive().SelectMany(pid => Directory.EnumerateFiles($"/proc/{pid}/fd"))
            .Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:", StringComparison.Ordinal))
            .ToList();
        Assert.True(sockets.Count >= 3, $"{sockets.Count} sockets"); // at least the control socket of each of the three processes
        Assert.DoesNotContain(sockets, networks.Contains);
    }

    [Fact]
    public async Task The_process_id_of_a_forked_worker_is_known_from_its_hello_message_alone()
    {
        const int Number = 7;
        await using var listener = new ControlListener();
        var forked = new ForkedProcess(Number, template: null!, new OutputTail(_ => { }), listener.Expect(Number));
        Assert.Equal(0, forked.Id);

        using var worker = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await worker.ConnectAsync(new UnixDomainSocketEndPoint(listener.SocketPath)).InTime();
        var hello = new Report { Hello = new Hello { Worker = Number, Pid = 4711 } }.ToByteArray();
        await worker.SendAsync((byte[])[.. BitConverter.GetBytes(hello.Length), .. hello]).InTime();
        using var control = await forked.Control.InTime();
        Assert.Equal(4711, forked.Id);
    }
}
