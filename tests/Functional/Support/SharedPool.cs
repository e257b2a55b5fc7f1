namespace Snakepit.Tests.Functional.Support;

/// <summary>A pool of one worker that the tests of a class share; each of them leaves that same worker ready for the next.</summary>
public abstract class SharedPool(SnakepitOptions options) : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private readonly ProcessTrace _trace = new();
    private int _worker;

    public SnakepitPool Pool { get; private set; } = null!;

    internal RecordedLog Log => _log;

    public async Task InitializeAsync()
    {
        Pool = await SnakepitPool.StartAsync(_trace.On(options with { Workers = 1, LoggerFactory = _log })).InTime();
        _worker = Assert.Single(Pool.GetStatistics().Workers).ProcessId;
    }

    public async Task DisposeAsync()
    {
        await Pool.DisposeAsync().InTime();
        _trace.AssertNothingIsLeft();
    }

    /// <summary>Whatever the test did, the worker has survived it and is free again.</summary>
    public async Task IsStillUsable()
    {
        await Pool.ListToolsAsync().InTime();
        var worker = Assert.Single(Pool.GetStatistics().Workers);
        Assert.Equal(_worker, worker.ProcessId);
        Assert.Equal(WorkerState.Idle, worker.State);
        Assert.Equal(0, Pool.GetStatistics().Restarts);
    }
}

/// <summary>The showcase's tools.</summary>
public sealed class ShowcasePool<T>() : SharedPool(Probe.Over<T>(Probe.Showcase))
    where T : IOver;

/// <summary>The tools of <c>python/probe_adapter.py</c>.</summary>
public sealed class ProbePool<T>() : SharedPool(Probe.Over<T>())
    where T : IOver;
