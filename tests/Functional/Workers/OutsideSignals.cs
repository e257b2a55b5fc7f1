using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests signals that other programs send to workers and the template, as systemd does with SIGTERM when it stops a service. The processes
/// leave their end to the host, so calls that run go on.
/// </summary>
public abstract class OutsideSignals<T>
    where T : ITestTransport
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigQuit = 3;

    [PythonTheory]
    [InlineData(Signals.Terminate, "sleep", 1, WorkerStart.Fork)]
    [InlineData(Signals.Terminate, "sleep", 1, WorkerStart.Spawn)]
    [InlineData(Signals.Terminate, "lock", 1, WorkerStart.Fork)]
    [InlineData(Signals.Terminate, "python", 1, WorkerStart.Spawn)]
    [InlineData(Signals.Terminate, "python", 3, WorkerStart.Fork)]
    [InlineData(SigInt, "sleep", 1, WorkerStart.Fork)]
    [InlineData(SigInt, "python", 1, WorkerStart.Spawn)]
    [InlineData(SigInt, "async", 3, WorkerStart.Fork)]
    [InlineData(Signals.Terminate, "async", 1, WorkerStart.Fork)]
    [InlineData(SigHup, "python", 1, WorkerStart.Fork)]
    [InlineData(SigQuit, "lock", 1, WorkerStart.Fork)]
    public async Task A_running_call_survives_signals_to_all_processes_of_a_pool_that_drains(
        int number, string how, int capacity, WorkerStart start)
    {
        using var gate = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var pool = await SnakepitPool.StartAsync(trace.Tag(Options(start, log) with { MaxConcurrentCallsPerWorker = capacity })).InTime();
        var arguments = new { how, marker = gate.At("running"), gate = gate.Path };
        var call = how == "async"
            ? pool.ExecuteAsync<string>("work_async", new { arguments.marker, arguments.gate })
            : pool.ExecuteAsync<string>("work", arguments);
        await gate.WrittenAsync("running");
        foreach (var process in trace.Alive())
        {
            Signals.Send(process, number);
        }

        var disposal = pool.DisposeAsync().AsTask();
        foreach (var process in trace.Alive())
        {
            Signals.Send(process, number); // twice, while the pool drains
        }

        gate.Write();
        Assert.Equal("done", await call.InTime());
        await disposal.InTime();
        trace.AssertNothingIsLeft();
        Assert.DoesNotContain(log.Records, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Idle_processes_stay_the_same_after_every_signal_that_ends_programs(WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options(start, log) with { Workers = 2 }).InTime();
        var workers = pool.ProcessIds();
        int[] others = start == WorkerStart.Fork ? [pool.TemplateId()] : [];
        foreach (var number in new[] { Signals.Terminate, SigInt, SigHup, SigQuit, Signals.Terminate })
        {
            foreach (var process in workers.Concat(others))
            {
                Signals.Send(process, number);
            }
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Contains(await pool.ExecuteAsync<int>("pid").InTime(), workers);
        }

        Assert.Equal(workers, pool.ProcessIds());
        OsProcess.Kill(workers[0]); // the template still forks
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the killed worker was replaced");
        await pool.WaitForIdleWorkers(2);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "")]
    [InlineData(WorkerStart.Spawn, "")]
    [InlineData(WorkerStart.Fork, "1")]
    public async Task Signals_do_nothing_again_after_code_of_the_adapter_has_brought_back_their_default_effects(
        WorkerStart start, string hasAsyncTools)
    {
        using var log = new RecordedLog();
        var options = Options(start, log) with
        {
            Adapter = "resets_signals",
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_ASYNC"] = hasAsyncTools },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var worker = pool.ProcessIds()[0];
        string[] tools = ["pid", .. hasAsyncTools.Length == 0 ? Array.Empty<string>() : ["handle_in_task"], "handle_in_loop", "reset"];
        foreach (var tool in tools)
        {
            await pool.ExecuteAsync(tool).InTime();
            await pool.ExecuteAsync("pid").InTime(); // the worker has come to its next call
            foreach (var number in new[] { Signals.Terminate, SigInt, SigHup, SigQuit })
            {
                Signals.Send(worker, number);
            }

            Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
        }

        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_process_that_prepares_the_adapter_goes_on_after_sigterm(WorkerStart start)
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var options = Options(start, log) with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["PROBE_PREPARING"] = marker.At("preparing") },
        };
        var starting = SnakepitPool.StartAsync(trace.Tag(options));
        await marker.WrittenAsync("preparing");
        var preparing = Assert.Single(trace.Alive());
        Signals.Send(preparing, Signals.Terminate);
        Signals.Send(preparing, SigInt);
        await File.WriteAllTextAsync(marker.At("preparing.go"), "");
        await using var pool = await starting.InTime();
        Assert.Contains(preparing, trace.Alive());
    }

    [PythonTheory]
    [InlineData(Signals.Terminate)]
    [InlineData(SigInt)]
    public async Task A_tool_that_handles_a_signal_gets_it(int number)
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options(WorkerStart.Fork, log)).InTime();
        var call = pool.ExecuteAsync("handle", new { number, marker = marker.Path, noted = marker.At("noted") });
        await marker.WrittenAsync();
        Signals.Send(pool.ProcessIds()[0], number);
        await marker.WrittenAsync("noted");
        await call.InTime();
    }

    [PythonFact]
    public async Task A_tool_that_handles_sigterm_gets_it_when_the_drain_timeout_has_passed()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var trace = new ProcessTrace();
        var options = Options(WorkerStart.Fork, log) with
        {
            DrainTimeout = TimeSpan.FromMilliseconds(200),
            TerminateTimeout = Eventually.Patience,
        };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        var call = pool.ExecuteAsync(
            "handle", new { number = Signals.Terminate, marker = marker.Path, noted = marker.At("noted") });
        await marker.WrittenAsync();
        await pool.DisposeAsync().InTime();
        await marker.WrittenAsync("noted");
        await call.InTime(); // the tool has returned after its handler had run
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(Signals.Terminate)]
    [InlineData(SigInt)]
    [InlineData(SigHup)]
    [InlineData(SigQuit)]
    public async Task Programs_that_tools_start_end_on_signals(int number)
    {
        using var log = new RecordedLog();
        await using var pool = await SnakepitPool.StartAsync(Options(WorkerStart.Fork, log)).InTime();
        Assert.Equal(-number, await pool.ExecuteAsync<int>("signal_program", new { number }).InTime());
    }

    private static SnakepitOptions Options(WorkerStart start, RecordedLog log) => Probe.Over<T>() with
    {
        Adapter = "signalled",
        Workers = 1,
        WorkerStart = start,
        LoggerFactory = log,
        DrainTimeout = TimeSpan.FromMinutes(1),
    };
}

public sealed class OutsideSignalsOverGrpc : OutsideSignals<OverGrpc>;

public sealed class OutsideSignalsOverDirect : OutsideSignals<OverDirect>;
