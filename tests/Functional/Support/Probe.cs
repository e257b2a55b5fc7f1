namespace Snakepit.Tests.Functional.Support;

/// <summary>Options of pools for tests. Most tests use <c>python/probe_adapter.py</c>, whose tools misbehave in scripted ways.</summary>
internal static class Probe
{
    // The queue timeout is longer than the default, so that hundreds of queued calls do not time out on a slow machine.
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Options for two workers with the tools of <c>python/probe_adapter.py</c>.</summary>
    public static SnakepitOptions Options { get; } = new()
    {
        Adapter = "probe_adapter",
        ModulePaths = [Path.Combine(AppContext.BaseDirectory, "probes")],
        Workers = 2,
        QueueTimeout = QueueTimeout,
    };

    /// <summary>Options for two workers with the tools of the showcase, the example adapter of the worker package.</summary>
    public static SnakepitOptions Showcase { get; } =
        new() { Adapter = "snakepit_worker.adapters.showcase", Workers = 2, QueueTimeout = QueueTimeout };

    /// <summary>Options for one worker that runs up to four calls at once, with the tools of <c>python/concurrent_probe.py</c>.</summary>
    public static SnakepitOptions Concurrent { get; } =
        Options with { Adapter = "concurrent_probe", Workers = 1, MaxConcurrentCallsPerWorker = 4 };

    /// <summary>Returns the given options, by default <see cref="Options"/>, with the transport of the test class.</summary>
    public static SnakepitOptions Over<T>(SnakepitOptions? options = null)
        where T : ITestTransport => (options ?? Options) with { Transport = T.Transport };
}
