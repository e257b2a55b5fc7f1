namespace Snakepit.Tests.Functional.Support;

/// <summary>The adapter of scripted misbehaviour, <c>python/probe_adapter.py</c>, and options to start it quickly.</summary>
internal static class Probe
{
    // The default is for callers who are better told soon. Here it would only measure the machine, where hundreds of calls wait at once.
    private static readonly TimeSpan Queueing = TimeSpan.FromMinutes(1);

    public static SnakepitOptions Options { get; } = new()
    {
        Adapter = "probe_adapter",
        ModulePaths = [Path.Combine(AppContext.BaseDirectory, "probes")],
        Workers = 2,
        QueueTimeout = Queueing,
    };

    public static SnakepitOptions Showcase { get; } =
        new() { Adapter = "snakepit_worker.adapters.showcase", Workers = 2, QueueTimeout = Queueing };

    /// <summary>The probe's options, or others, over a transport.</summary>
    public static SnakepitOptions Over<T>(SnakepitOptions? options = null)
        where T : IOver => (options ?? Options) with { Transport = T.Transport };
}
