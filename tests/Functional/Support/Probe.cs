namespace Snakepit.Tests.Functional.Support;

/// <summary>The adapter of scripted misbehaviour, <c>python/probe_adapter.py</c>, and options to start it quickly.</summary>
internal static class Probe
{
    public static SnakepitOptions Options { get; } = new()
    {
        Adapter = "probe_adapter",
        ModulePaths = [Path.Combine(AppContext.BaseDirectory, "probes")],
        Workers = 2,
    };

    public static SnakepitOptions Showcase { get; } = new() { Adapter = "snakepit_worker.adapters.showcase", Workers = 2 };
}
