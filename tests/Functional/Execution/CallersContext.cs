using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that a pool does not take over the execution context of the code that starts or uses it: its <see cref="AsyncLocal{T}"/> values,
/// among them the current activity and the current culture.
/// </summary>
public abstract class CallersContext<T>
    where T : ITestTransport
{
    private static readonly AsyncLocal<object?> Local = new();

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Loggers_and_host_tools_do_not_see_the_values_of_the_code_that_started_the_pool(WorkerStart start)
    {
        var seen = new ConcurrentBag<string>();
        using var log = new ContextLog(where => Note(seen, where));
        var peek = HostTool.Create<object, bool>(_ =>
        {
            Note(seen, "a host tool");
            return true;
        });
        var options = Probe.Over<T>() with
        {
            Workers = 1,
            WorkerStart = start,
            LoggerFactory = log,
            HostTools = new Dictionary<string, HostTool> { ["peek"] = peek },
        };
        await CallerThread.RunAsync(() =>
        {
            using var activity = new Activity("the start of the pool").Start();
            Local.Value = new object();
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "!" } };
            var pool = SnakepitPool.StartAsync(options).GetAwaiter().GetResult();
            pool.ExecuteAsync("ask_host", new { name = "peek", arguments = new { } }).GetAwaiter().GetResult();
            pool.ExecuteAsync("printing").GetAwaiter().GetResult();
            Crash(pool);
            pool.ExecuteAsync("ask_host", new { name = "peek", arguments = new { } }).GetAwaiter().GetResult();
            pool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        });
        Assert.Contains(seen, where => where.StartsWith("a host tool", StringComparison.Ordinal));
        Assert.Contains(seen, where => where.Contains("was lost", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, where => where.EndsWith("sees the caller", StringComparison.Ordinal));
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_pool_keeps_no_value_of_the_code_that_started_it_alive(WorkerStart start)
    {
        var (pool, value) = await StartWithValueAsync(() => SnakepitPool.StartAsync(Probe.Over<T>() with { WorkerStart = start }));
        await using (pool)
        {
            await AssertCollectedAsync(value);
            await pool.ExecuteAsync<int>("pid").InTime();
        }
    }

    [PythonFact]
    public async Task A_template_and_its_pools_keep_no_value_of_the_code_that_started_them_alive()
    {
        var (template, value) = await StartWithValueAsync(() => SnakepitTemplate.StartAsync(Probe.Over<T>()));
        await using (template)
        {
            await AssertCollectedAsync(value);
            var (pool, ofPool) = await StartWithValueAsync(() => template.StartPoolAsync());
            await using (pool)
            {
                await AssertCollectedAsync(ofPool);
            }
        }
    }

    [PythonFact]
    public async Task A_pool_keeps_no_value_of_its_callers_alive()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>()).InTime();
        var (_, value) = await StartWithValueAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(one => pool.ExecuteAsync<int>("value", new { given = one })));
            await pool.StreamAsync<int>("count", new { upto = 3 }).ToListAsync();
            await using var session = pool.OpenSession("a");
            await session.ExecuteAsync<int>("pid");
            await pool.ListToolsAsync();
            return pool;
        });
        await AssertCollectedAsync(value);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_pool_can_be_started_by_code_that_has_suppressed_the_flow_of_its_context(WorkerStart start)
    {
        Task<SnakepitPool> starting;
        using (ExecutionContext.SuppressFlow())
        {
            starting = SnakepitPool.StartAsync(Probe.Over<T>() with { WorkerStart = start });
        }

        await using var pool = await starting.InTime();
        Assert.Equal(2, pool.GetStatistics().Workers.Length);
    }

    private static void Note(ConcurrentBag<string> seen, string where)
    {
        var sees = Local.Value is not null
            || Activity.Current is not null
            || CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator == "!";
        seen.Add($"{where} {(sees ? "sees the caller" : "sees nothing")}");
    }

    private static void Crash(SnakepitPool pool)
    {
        OsProcess.Kill(Assert.Single(pool.ProcessIds()));
        Eventually.True(() => pool.GetStatistics().Restarts == 1, "the crash is noticed").GetAwaiter().GetResult();
    }

    private static async Task<(R Started, WeakReference Value)> StartWithValueAsync<R>(Func<Task<R>> start)
    {
        (R, WeakReference)? started = null;
        await CallerThread.RunAsync(() => started = StartWithValue(start)); // the thread ends, and its own context with it
        return started!.Value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (R Started, WeakReference Value) StartWithValue<R>(Func<Task<R>> start)
    {
        var value = new object();
        Local.Value = value;
        return (start().GetAwaiter().GetResult(), new WeakReference(value));
    }

    private static Task AssertCollectedAsync(WeakReference value) => Eventually.True(
        () =>
        {
            GC.Collect();
            return !value.IsAlive;
        },
        "the caller's value is collected");

    private sealed class ContextLog(Action<string> note) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            note(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

public sealed class CallersContextOverGrpc : CallersContext<OverGrpc>;

public sealed class CallersContextOverDirect : CallersContext<OverDirect>;
