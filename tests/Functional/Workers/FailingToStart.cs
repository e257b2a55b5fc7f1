using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests that a pool that cannot start fails soon, with an error that says why and what to do, and leaves no process running.
/// </summary>
public sealed class FailingToStart
{
    [PythonTheory]
    [InlineData("imports_nothing_real", "No module named 'a_module_that_does_not_exist'. Check SnakepitOptions.Adapter, and ModulePaths")]
    [InlineData("not_there.at_all", "No module named 'not_there'. Check SnakepitOptions.Adapter, and ModulePaths")]
    [InlineData("exits_at_import", "The adapter 'exits_at_import' does not load: SystemExit: 5")]
    [InlineData("no_tools", "no_tools defines no Adapter class and no function marked @tool")]
    [InlineData("prepare_raises", "Prepare() of the adapter 'prepare_raises' failed: FileNotFoundError: the model is missing")]
    [InlineData("start_raises", "Start() of the adapter 'start_raises' failed: ConnectionRefusedError: the database is down")]
    [InlineData("two_adapters", "name one of them: two_adapters:First, two_adapters:Second")]
    [InlineData("two_adapters:Third", "two_adapters has no Adapter class named 'Third'")]
    public async Task An_adapter_that_fails_is_reported_with_its_traceback(string adapter, string message)
    {
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            var failed = await FailAsync<AdapterException>(Probe.Options with { Adapter = adapter, WorkerStart = start });
            Assert.Contains(message, failed.Message, StringComparison.Ordinal);
            Assert.Contains("Traceback (most recent call last)", failed.PythonTraceback, StringComparison.Ordinal);
            Assert.Equal(adapter, failed.Adapter);
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_adapter_that_exits_is_reported_with_its_exit_code_and_last_output(WorkerStart start)
    {
        var failed = await FailAsync<WorkerStartException>(Probe.Options with { Adapter = "dies_at_import", WorkerStart = start });
        Assert.Equal(7, failed.ExitCode);
        Assert.Contains("about to die", failed.Output);
        Assert.Contains("exit code 7", failed.Message, StringComparison.Ordinal);
        Assert.Contains("about to die", failed.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("prepare_hangs", WorkerStart.Fork, "download_for_ever")]
    [InlineData("prepare_hangs", WorkerStart.Spawn, "download_for_ever")]
    [InlineData("start_hangs", WorkerStart.Fork, "connect_for_ever")]
    [InlineData("start_hangs", WorkerStart.Spawn, "connect_for_ever")]
    public async Task A_start_that_times_out_shows_the_python_stack(string adapter, WorkerStart start, string where)
    {
        using var marker = new Marker();
        var trace = new ProcessTrace();
        var time = new FakeTimeProvider(); // with a real clock, the start could time out on a slow machine before Python hangs
        var options = trace.Tag(Probe.Options with
        {
            Adapter = adapter,
            Workers = 1,
            WorkerStart = start,
            StartTimeout = TimeSpan.FromSeconds(1.5),
            TimeProvider = time,
            EnvironmentVariables = new Dictionary<string, string> { ["MARKER"] = marker.Path },
        });
        var starting = SnakepitPool.StartAsync(options);
        await marker.WrittenAsync();
        Assert.False(starting.IsCompleted);

        // The clock is advanced repeatedly, because the timeout of the host may begin only after the worker has written the marker.
        await Eventually.True(
            () =>
            {
                time.Advance(options.StartTimeout);
                return starting.IsCompleted;
            },
            "the start has failed");

        var late = await Assert.ThrowsAsync<StartTimeoutException>(() => starting);
        trace.AssertNothingIsLeft();
        Assert.Contains($"in {where}", late.PythonStack, StringComparison.Ordinal);
        Assert.Contains(late.PythonStack, late.Message, StringComparison.Ordinal);
        Assert.Contains("SnakepitOptions.StartTimeout (1.5 s)", late.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_start_can_be_cancelled(WorkerStart start)
    {
        var trace = new ProcessTrace();
        using var log = new RecordedLog();
        using var giveUp = new CancellationTokenSource();
        using var marker = new Marker();
        var variables = new Dictionary<string, string> { ["MARKER"] = marker.Path };
        var options = Probe.Options with
        {
            Adapter = "prepare_hangs",
            WorkerStart = start,
            EnvironmentVariables = variables,
            LoggerFactory = log,
        };
        var starting = SnakepitPool.StartAsync(trace.Tag(options), giveUp.Token);
        await Eventually.True(() => trace.Alive().Length > 0, "Python has been started");
        var clock = Stopwatch.StartNew();
        await giveUp.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.InTime());
        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.DoesNotContain(log.Records, record => record.Level >= LogLevel.Warning);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4)); // far below the default start timeout of 30 s
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, "/bin/false", nameof(WorkerStartException))]
    [InlineData(WorkerStart.Spawn, "/bin/false", nameof(WorkerStartException))]
    [InlineData(WorkerStart.Fork, "/etc/passwd", nameof(PythonNotFoundException))]
    [InlineData(WorkerStart.Spawn, "/etc/passwd", nameof(PythonNotFoundException))]
    public async Task A_start_that_failed_leaves_no_directory_behind(WorkerStart start, string interpreter, string exception)
    {
        using var marker = new Marker();
        var temporary = Directory.CreateDirectory(marker.At("t")).FullName;
        using var host = HostProcess.Start(start, "hang", marker.Path, environment =>
        {
            environment["TMPDIR"] = temporary;
            environment["SNAKEPIT_PYTHON"] = interpreter;
        });
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.Equal(ProbeHost.StartFailed, exitCode);
        Assert.Contains(exception, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary, "snakepit-*"));
    }

    [PythonFact]
    public async Task Options_out_of_range_are_refused_by_name_before_anything_starts()
    {
        var negative = TimeSpan.FromTicks(-1);
        await RefusedAsync(nameof(SnakepitOptions.Workers), options => options with { Workers = 0 });
        await RefusedAsync(nameof(SnakepitOptions.Workers), options => options with { Workers = 1_025 });
        await RefusedAsync(nameof(SnakepitOptions.MinimumReadyWorkers), options => options with { MinimumReadyWorkers = 0 });
        await RefusedAsync(nameof(SnakepitOptions.MinimumReadyWorkers), options => options with { MinimumReadyWorkers = 3 });
        await RefusedAsync(nameof(SnakepitOptions.WorkerStart), options => options with { WorkerStart = (WorkerStart)7 });
        await RefusedAsync(nameof(SnakepitOptions.Transport), options => options with { Transport = (WorkerTransport)7 });
        await RefusedAsync(nameof(SnakepitOptions.HashSeed), options => options with { HashSeed = 1L + uint.MaxValue });
        await RefusedAsync(
            nameof(SnakepitOptions.HostTools),
            options => options with { HostTools = new Dictionary<string, HostTool> { ["tool"] = null! } });
        await RefusedAsync(nameof(SnakepitOptions.StreamBuffer), options => options with { StreamBuffer = 0 });
        await RefusedAsync(nameof(SnakepitOptions.MaxPayloadBytes), options => options with { MaxPayloadBytes = 1_023 });
        await RefusedAsync(nameof(SnakepitOptions.MaxPayloadBytes), options => options with { MaxPayloadBytes = int.MaxValue });
        await RefusedAsync(nameof(SnakepitOptions.QueueLimit), options => options with { QueueLimit = -1 });
        await RefusedAsync(nameof(SnakepitOptions.StartTimeout), options => options with { StartTimeout = Timeout.InfiniteTimeSpan });
        await RefusedAsync(nameof(SnakepitOptions.CallTimeout), options => options with { CallTimeout = TimeSpan.Zero });
        await RefusedAsync(nameof(SnakepitOptions.StreamTimeout), options => options with { StreamTimeout = negative });
        await RefusedAsync(nameof(SnakepitOptions.CancelGrace), options => options with { CancelGrace = negative });
        await RefusedAsync(nameof(SnakepitOptions.QueueTimeout), options => options with { QueueTimeout = TimeSpan.FromDays(50) });
        await RefusedAsync(nameof(SnakepitOptions.DrainTimeout), options => options with { DrainTimeout = TimeSpan.Zero });
        await RefusedAsync(nameof(SnakepitOptions.TerminateTimeout), options => options with { TerminateTimeout = TimeSpan.Zero });
        await RefusedAsync(
            nameof(SnakepitOptions.MaxConcurrentCallsPerWorker), options => options with { MaxConcurrentCallsPerWorker = 0 });
        await RefusedAsync(nameof(SnakepitOptions.BlasThreads), options => options with { BlasThreads = 0 });
        await RefusedAsync("Limits.MemoryBytes", options => options with { Limits = new() { MemoryBytes = 1_000_000 } });
        await RefusedAsync("Limits.CpuTime", options => options with { Limits = new() { CpuTime = TimeSpan.FromSeconds(0.9) } });
        await RefusedAsync("Limits.OpenFiles", options => options with { Limits = new() { OpenFiles = 31 } });
        await RefusedAsync("Limits.NiceLevel", options => options with { Limits = new() { NiceLevel = 20 } });
        await RefusedAsync("Limits.Umask", options => options with { Limits = new() { Umask = UnixFileMode.UserWrite } });
        await RefusedAsync(nameof(SnakepitOptions.HashSeed), options => options with { HashSeed = -1 });
        await RefusedAsync("Sessions.Limit", options => options with { Sessions = new() { Limit = 0 } });
        await RefusedAsync("Sessions.IdleTimeout", options => options with { Sessions = new() { IdleTimeout = negative } });
        await RefusedAsync("Heartbeat.Interval", options => options with { Heartbeat = new() { Interval = TimeSpan.Zero } });
        await RefusedAsync("Heartbeat.Interval", options => options with { Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(9) } });
        await RefusedAsync(nameof(SnakepitOptions.Adapter), options => options with { Adapter = "probe\0adapter" });
        await RefusedAsync(nameof(SnakepitOptions.ModulePaths), options => options with { ModulePaths = ["/one:/two"] });
        await RefusedAsync(nameof(SnakepitOptions.ModulePaths), options => options with { ModulePaths = [""] });
        foreach (var (name, value) in new[] { ("A=B", ""), ("", ""), ("A", "\0"), ("A", null!) })
        {
            await RefusedAsync(
                nameof(SnakepitOptions.EnvironmentVariables),
                options => options with { EnvironmentVariables = new Dictionary<string, string> { [name] = value } });
        }

        await RefusedAsync("Heartbeat.MaxMissed", options => options with { Heartbeat = new() { MaxMissed = 0 } });
        await RefusedAsync("Recycling.MaxAge", options => options with { Recycling = new() { MaxAge = TimeSpan.Zero } });
        await RefusedAsync("Recycling.MaxCalls", options => options with { Recycling = new() { MaxCalls = 0 } });
        await RefusedAsync("Recycling.MaxMemoryBytes", options => options with { Recycling = new() { MaxMemoryBytes = 1_000 } });
        await RefusedAsync("Recycling.Jitter", options => options with { Recycling = new() { Jitter = 1 } });
        await Assert.ThrowsAsync<ArgumentException>(() => SnakepitPool.StartAsync(Probe.Options with { Adapter = " " }));
        await Assert.ThrowsAsync<ArgumentNullException>(() => SnakepitPool.StartAsync(null!));
    }

    [PythonFact]
    public async Task Options_that_are_null_are_refused_by_name()
    {
        foreach (var (option, options) in new Dictionary<string, SnakepitOptions>
        {
            [nameof(SnakepitOptions.ModulePaths)] = Probe.Options with { ModulePaths = null! },
            [nameof(SnakepitOptions.EnvironmentVariables)] = Probe.Options with { EnvironmentVariables = null! },
            [nameof(SnakepitOptions.HostTools)] = Probe.Options with { HostTools = null! },
            [nameof(SnakepitOptions.Sessions)] = Probe.Options with { Sessions = null! },
            [nameof(SnakepitOptions.Heartbeat)] = Probe.Options with { Heartbeat = null! },
            [nameof(SnakepitOptions.Recycling)] = Probe.Options with { Recycling = null! },
            [nameof(SnakepitOptions.LoggerFactory)] = Probe.Options with { LoggerFactory = null! },
            [nameof(SnakepitOptions.TimeProvider)] = Probe.Options with { TimeProvider = null! },
        })
        {
            Assert.Equal(option, (await Assert.ThrowsAsync<ArgumentNullException>(() => SnakepitPool.StartAsync(options))).ParamName);
        }
    }

    private static async Task RefusedAsync(string option, Func<SnakepitOptions, SnakepitOptions> change)
    {
        foreach (var start in (Func<SnakepitOptions, Task>[])[o => SnakepitPool.StartAsync(o), o => SnakepitTemplate.StartAsync(o)])
        {
            var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => start(change(Probe.Options)));
            Assert.Equal(option, refused.ParamName);
            Assert.Contains($"SnakepitOptions.{option} must be", refused.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<T> FailAsync<T>(SnakepitOptions options)
        where T : PoolStartException
    {
        var trace = new ProcessTrace();
        var clock = Stopwatch.StartNew();
        using var log = new RecordedLog();
        var failed = await Assert.ThrowsAsync<T>(() => SnakepitPool.StartAsync(trace.Tag(options with { LoggerFactory = log })).InTime());
        trace.AssertNothingIsLeft();
        // The exception reports the failure, so the pool must not log it as well.
        Assert.DoesNotContain(log.Records, record => record.Level >= LogLevel.Warning);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10)); // far below the default start timeout of 30 s
        return failed;
    }
}
