namespace Snakepit.Tests.Functional.Support;

/// <summary>A pool of one worker that all tests of a class share. Each test must leave the worker alive and idle.</summary>
public abstract class SharedPool(SnakepitOptions options) : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private readonly ProcessTrace _trace = new();
    private int _worker;

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
        Assert.Equal(0, Pool.GetStatistics().Restarts);
    }
}

/// <summary>A shared pool with the tools of the showcase, the example adapter of the worker package.</summary>
public sealed class ShowcasePool<T>() : SharedPool(Probe.Over<T>(Probe.Showcase))
    where T : ITestTransport;

/// <summary>A shared pool with the tools of <c>python/probe_adapter.py</c>, which misbehave in scripted ways.</summary>
public sealed class ProbePool<T>() : SharedPool(Probe.Over<T>())
    where T : ITestTransport;
