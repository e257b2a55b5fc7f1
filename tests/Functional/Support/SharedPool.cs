namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// A pool of one worker that all tests of a class share. Each test must leave the worker, or its successor, alive and idle.
/// </summary>
public abstract class SharedPool(SnakepitOptions options) : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private readonly ProcessTrace _trace = new();
    private int _worker;
    private long _interruptions;

    public SnakepitPool Pool { get; private set; } = null!;

    internal RecordedLog Log => _log;

    public async Task InitializeAsync()
    {
        Pool = await SnakepitPool.StartAsync(_trace.Tag(options with { Workers = 1, LoggerFactory = _log })).InTime();
        _worker = Assert.Single(Pool.GetStatistics().Workers).ProcessId;
    }

    public async Task DisposeAsync()
    {
        await Pool.DisposeAsync().InTime();
        _trace.AssertNothingIsLeft();
    }

    /// <summary>Asserts that the worker lists its tools, is idle again, and is still the process with which the pool started.</summary>
    public async Task AssertStillUsable()
    {
        await Pool.ListToolsAsync().InTime();
        var worker = Assert.Single(Pool.GetStatistics().Workers);
        Assert.Equal(_worker, worker.ProcessId);
        Assert.Equal(WorkerState.Idle, worker.State);
        Assert.Equal((0, _interruptions), (Pool.GetStatistics().Restarts, Pool.GetStatistics().Interruptions));
    }

    /// <summary>
    /// Asserts that the worker was replaced because a call was interrupted in it, that its process has ended, and that its successor is
    /// idle. The next tests of the class use the successor.
    /// </summary>
    public async Task AssertReplacedAfterInterruption()
    {
        await Pool.ListToolsAsync().InTime();
        await OsProcess.Gone(_worker);
        await Pool.WaitForIdleWorkers(1);
        var now = Pool.GetStatistics();
        Assert.NotEqual(_worker, now.Workers[0].ProcessId);
        Assert.Equal(0, now.Restarts);
        Assert.True(now.Interruptions > _interruptions, "no interruption was counted");
        Assert.Equal(PoolHealth.Healthy, now.Health);
        (_worker, _interruptions) = (now.Workers[0].ProcessId, now.Interruptions);
    }
}

/// <summary>A shared pool with the tools of the showcase, the example adapter of the worker package.</summary>
public sealed class ShowcasePool<T>() : SharedPool(Probe.Over<T>(Probe.Showcase))
    where T : ITestTransport;

/// <summary>A shared pool with the tools of <c>python/probe_adapter.py</c>, which misbehave in scripted ways.</summary>
public sealed class ProbePool<T>() : SharedPool(Probe.Over<T>())
    where T : ITestTransport;
