using System.Collections.Immutable;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots in which Python calls .NET. Python checks each answer, and the call fails if it is wrong.</summary>
internal static class HostCallHandlers
{
    private const int CallsOfATool = 10;

    public static async Task<TimesReply> RunSingleCallerAsync(HostState state, HostCallSlot slot) =>
        new() { Samples = [.. (await CallAsync(state.Pool, slot.Count)).Order()] };

    public static async Task<TimesReply> NestAsync(HostState state, NestedHostCallSlot slot) =>
        LoadHandlers.Times(await SingleCaller.RunAsync(slot.Count, async () =>
        {
            var called = await state.Pool.ExecuteAsync<int>("nest", new { depth = slot.Depth });
            if (called != slot.Depth)
            {
                throw new InvalidOperationException($"Python has called .NET {called} times, and {slot.Depth} were expected.");
            }
        }));

    public static async Task<RateReply> RunLoopAsync(HostState state, HostCallLoopSlot slot)
    {
        var result = await ClosedLoop.RunAsync(
            slot.Callers, TimeSpan.FromMilliseconds(slot.Milliseconds), () => CallAsync(state.Pool, CallsOfATool));
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return new RateReply { Rate = result.Rate * CallsOfATool, Calls = result.Calls * CallsOfATool };
    }

    private static async Task<ImmutableArray<int>> CallAsync(SnakepitPool pool, int times)
    {
        var took = await pool.ExecuteAsync<int[]>("call_host", new { times });
        return took.Length == times
            ? [.. took]
            : throw new InvalidOperationException($"Python has called .NET {took.Length} times, and {times} were expected.");
    }
}
