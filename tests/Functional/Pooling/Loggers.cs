using Microsoft.Extensions.Logging;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>A program's logger is foreign code in the middle of the pool's own: whatever it does, the pool goes on.</summary>
[Collection(Alone.Name)] // one keeps a thread of the pool
public sealed class Loggers
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_logger_that_throws_costs_no_call_and_no_worker(WorkerStart start)
    {
        using var log = new CallbackLog(_ => throw new InvalidOperationException("the disk is full"));
        var trace = new ProcessTrace();
        var options = Probe.Options with { WorkerStart = start, LoggerFactory = log, Recycling = new() { MaxCalls = 5 } };
        var pool = await SnakepitPool.StartAsync(trace.On(options)).InTime();
        for (var given = 0; given < 30; given++)
        {
            Assert.Equal("printed", await pool.ExecuteAsync<string>("printing").InTime());
        }

        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 1 }).InTime());
        await Eventually.True(() => pool.GetStatistics() is var now && now.Count(WorkerState.Idle) == 2 && now.Workers.Length == 2, "there are two workers again");
        Assert.True(log.Lines > 0);
        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_logger_that_waits_for_the_end_of_its_pool_is_told_that_the_pool_would_wait_for_it()
    {
        SnakepitPool? pool = null;
        var told = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = new CallbackLog(line =>
        {
            if (line.Contains("by print", StringComparison.Ordinal))
            {
                told.TrySetResult(Record.Exception(() => pool!.DisposeAsync().AsTask().Wait()));
            }
        });
        await using var started = pool = await SnakepitPool.StartAsync(Probe.Options with { LoggerFactory = log }).InTime();
        await pool.ExecuteAsync("printing").InTime();

        Assert.IsType<InvalidOperationException>(await told.Task.InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
    }

    [PythonTheory]
    [InlineData("Snakepit.HostTools")]
    [InlineData("Snakepit.Pool")]
    public async Task A_factory_that_makes_no_logger_ends_the_start_and_leaves_no_template(string category)
    {
        using var log = new CallbackLog(_ => { }) { Refused = category };
        var trace = new ProcessTrace();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => SnakepitPool.StartAsync(trace.On(Probe.Options with { LoggerFactory = log })).InTime());
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_logger_that_is_slow_keeps_nobody_from_looking_after_the_workers(WorkerStart start)
    {
        const int Lines = 150_000;
        using var gate = new ManualResetEventSlim();
        const TaskCreationOptions Elsewhere = TaskCreationOptions.RunContinuationsAsynchronously;
        var (stuck, dropped, last) = (new TaskCompletionSource(Elsewhere), new TaskCompletionSource(Elsewhere), new TaskCompletionSource(Elsewhere));
        using var log = new CallbackLog(line =>
        {
            if (line.Contains("line 0 of", StringComparison.Ordinal))
            {
                stuck.TrySetResult();
                gate.Wait();
            }

            _ = line.Contains("were dropped", StringComparison.Ordinal) && dropped.TrySetResult();
            _ = line.EndsWith($"line {Lines - 1} of {Lines}", StringComparison.Ordinal) && last.TrySetResult();
        });
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { WorkerStart = start, LoggerFactory = log }).InTime();
        try
        {
            await pool.ExecuteAsync("print_lines", new { count = Lines }).InTime(); // it is not held up either
            await stuck.Task.InTime();

            var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("print_and_exit", new { status = 5 }).InTime());

            Assert.Equal(5, lost.ExitCode);
            Assert.Contains("the last words", lost.Output);
            await pool.IsAtFullStrength(2);
        }
        finally
        {
            gate.Set();
        }

        await dropped.Task.InTime();
        await last.Task.InTime();
    }

    private sealed class CallbackLog(Action<string> callback) : ILoggerFactory, ILogger
    {
        private int _lines;

        public int Lines => _lines;

        /// <summary>The category for which there is no logger.</summary>
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

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _lines);
            callback(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
