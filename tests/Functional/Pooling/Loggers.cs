using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests loggers that throw, block or dispose the pool. A logger is the user's code, and the pool must work whatever the logger does.
/// </summary>
[Collection(Alone.Name)] // one logger blocks a thread of the thread pool, which would slow other tests down
public sealed class Loggers
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_logger_that_throws_breaks_no_call_and_no_worker(WorkerStart start)
    {
        using var log = new CallbackLog(_ => throw new InvalidOperationException("the disk is full"));
        var trace = new ProcessTrace();
        var options = Probe.Options with { WorkerStart = start, LoggerFactory = log, Recycling = new() { MaxCalls = 5 } };
        var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
        for (var given = 0; given < 30; given++)
        {
            Assert.Equal("printed", await pool.ExecuteAsync<string>("printing").InTime());
        }

        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await pool.WaitForIdleWorkers(2);
        Assert.True(log.Lines > 0);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_logger_that_disposes_its_own_pool_gets_an_error_instead_of_a_deadlock()
    {
        SnakepitPool? pool = null;
        var thrown = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = new CallbackLog(line =>
        {
            if (line.Contains("by print", StringComparison.Ordinal))
            {
                thrown.TrySetResult(Record.Exception(() => pool!.DisposeAsync().AsTask().Wait()));
            }
        });
        await using var started = pool = await SnakepitPool.StartAsync(Probe.Options with { LoggerFactory = log }).InTime();
        await pool.ExecuteAsync("printing").InTime();

        Assert.IsType<InvalidOperationException>(await thrown.Task.InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
    }

    [PythonTheory]
    [InlineData("Snakepit.HostTools")]
    [InlineData("Snakepit.Pool")]
    public async Task A_logger_factory_that_throws_fails_the_start_and_leaves_no_process_behind(string category)
    {
        using var log = new CallbackLog(_ => { }) { Refused = category };
        var trace = new ProcessTrace();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => SnakepitPool.StartAsync(trace.Tag(Probe.Options with { LoggerFactory = log })).InTime());
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_logger_that_blocks_does_not_stop_the_supervision_of_workers(WorkerStart start)
    {
        const int Lines = 150_000;
        using var gate = new ManualResetEventSlim();
        const TaskCreationOptions Asynchronous = TaskCreationOptions.RunContinuationsAsynchronously;
        var blocked = new TaskCompletionSource(Asynchronous);
        var dropped = new TaskCompletionSource(Asynchronous);
        var last = new TaskCompletionSource(Asynchronous);
        using var log = new CallbackLog(line =>
        {
            if (line.Contains("line 0 of", StringComparison.Ordinal))
            {
                blocked.TrySetResult();
                gate.Wait();
            }

            _ = line.Contains("were dropped", StringComparison.Ordinal) && dropped.TrySetResult();
            _ = line.EndsWith($"line {Lines - 1} of {Lines}", StringComparison.Ordinal) && last.TrySetResult();
        });
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { WorkerStart = start, LoggerFactory = log }).InTime();
        try
        {
            await pool.ExecuteAsync("print_lines", new { count = Lines }).InTime(); // the tool that prints is not blocked by the logger
            await blocked.Task.InTime();

            var lost = await Assert.ThrowsAsync<WorkerLostException>(
                () => pool.ExecuteAsync("print_and_exit", new { status = 5 }).InTime());

            Assert.Equal(5, lost.ExitCode);
            Assert.Contains("the last words", lost.Output);
            await pool.WaitForIdleWorkers(2);
        }
        finally
        {
            gate.Set();
        }

        await dropped.Task.InTime();
        await last.Task.InTime();
    }

    [PythonFact]
    public async Task A_logger_that_blocks_on_a_missed_heartbeat_does_not_stop_the_heartbeats_of_other_workers()
    {
        using var gate = new ManualResetEventSlim();
        using var log = new CallbackLog(line =>
        {
            if (line.Contains("has missed", StringComparison.Ordinal))
            {
                gate.Wait();
            }
        });
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(100), MaxMissed = 2 };
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Heartbeat = heartbeat, LoggerFactory = log }).InTime();
        try
        {
            foreach (var worker in pool.ProcessIds())
            {
                Signals.Send(worker, OsProcess.SigStop);
                await OsProcess.Gone(worker);
            }

            await pool.WaitForIdleWorkers(2);
        }
        finally
        {
            gate.Set();
        }
    }

    /// <summary>A logger factory and logger that passes each log line to a callback of the test.</summary>
    private sealed class CallbackLog(Action<string> callback) : ILoggerFactory, ILogger
    {
        private int _lines;

        public int Lines => _lines;

        /// <summary>The category for which <see cref="CreateLogger"/> throws; null if there is none.</summary>
        public string? Refused { get; init; }

        public ILogger CreateLogger(string categoryName)
        {
            ObjectDisposedException.ThrowIf(categoryName == Refused, this);
            return this;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _lines);
            callback(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
