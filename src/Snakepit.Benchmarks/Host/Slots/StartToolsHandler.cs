using System.Diagnostics;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>
/// Runs the slot that starts a pool with the tools that streams, sessions and calls from Python to .NET are measured with.
/// </summary>
internal static class StartToolsHandler
{
    private const string Adapter = "measured_calls:MeasuredCalls", FailingAdapter = "failing_calls:FailingCalls";

    public static async Task<DurationReply> RunAsync(HostState state, StartToolsSlot slot)
    {
        // A fault that brings its own adapter has none of these tools. It makes later slots fail, and is not lost in silence.
        var options = state.WithFault(state.Options(slot.Workers) with
        {
            Adapter = slot.WithFailingTools ? FailingAdapter : Adapter,
            ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
            HostTools = HostTools(state),
        });
        var start = Stopwatch.GetTimestamp();
        state.Keep(await SnakepitPool.StartAsync(options));
        return new DurationReply { Ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    /// <summary>Returns the functions that Python may call.</summary>
    public static Dictionary<string, HostTool> HostTools(HostState state) => new()
    {
        ["successor"] = HostTool.Create((Question question) => question.Number + 1),
        ["nest"] = HostTool.Create(async (Level level, CancellationToken cancelled) => level.Depth <= 1
            ? 1
            : 1 + await state.Pool.ExecuteAsync<int>("nest", new { depth = level.Depth - 1 }, cancellationToken: cancelled)),
    };

    private sealed record Question(int Number);

    private sealed record Level(int Depth);
}
