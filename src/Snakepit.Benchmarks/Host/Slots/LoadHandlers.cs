using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that make calls to workers.</summary>
internal static class LoadHandlers
{
    public static async Task<LoopReply> RunClosedLoopAsync(HostState state, ClosedLoopSlot slot)
    {
        var workers = WorkersOf(state.Pool);
        var before = ProcessCost.Before(workers, state.Pool);
        var result = await ClosedLoop.RunAsync(slot.Callers, TimeSpan.FromMilliseconds(slot.Milliseconds), state.PingAsync);
        var cost = ProcessCost.After(workers, state.Pool);
        ThrowIfAny(result.Errors, result.FirstError);
        return cost.PerCallSince<LoopReply>(before, result.Calls) with { Rate = result.Rate, Calls = result.Calls };
    }

    public static async Task<OpenLoopReply> RunOpenLoopAsync(HostState state, OpenLoopSlot slot)
    {
        var schedule = new Schedule([.. slot.Starts.Select(start => TimeSpan.FromMicroseconds(start))]);
        var workers = WorkersOf(state.Pool);
        var before = ProcessCost.Before(workers, state.Pool);
        var result = await OpenLoop.RunAsync(schedule, state.PingAsync, slot.Begin);
        var cost = ProcessCost.After(workers, state.Pool);
        ThrowIfAny(result.Errors, result.FirstError);
        return cost.PerCallSince<OpenLoopReply>(before, schedule.Starts.Length) with
        {
            Samples = SingleCaller.Microseconds(result.Latencies),
            LatenessP99Ms = result.Lateness.Quantile(0.99),
        };
    }

    public static async Task<TimesReply> RunSingleCallerAsync(HostState state, SingleCallerSlot slot) =>
        Times(await SingleCaller.RunAsync(slot.Count, state.PingAsync));

    public static async Task<LoopReply> RunBareLoopAsync(HostState state, BareLoopSlot slot)
    {
        var bare = await state.BareAsync(slot.Workers);
        var before = ProcessCost.Before(bare.ProcessIds, pool: null);
        var (calls, elapsed) = await bare.RunAsync(TimeSpan.FromMilliseconds(slot.Milliseconds));
        var cost = ProcessCost.After(bare.ProcessIds, pool: null);
        return cost.PerCallSince<LoopReply>(before, calls) with { Rate = calls / elapsed.TotalSeconds, Calls = calls };
    }

    public static async Task<RateReply> ReadStreamAsync(HostState state, StreamSlot slot)
    {
        var (start, chunks) = (Stopwatch.GetTimestamp(), 0);
        var stream = state.Pool.StreamAsync<Progress>("stream_progress", new { steps = slot.Chunks });
        await foreach (var chunk in stream)
        {
            chunks += chunk.Step == chunks + 1
                ? 1
                : throw new InvalidOperationException($"Chunk {chunk.Step} has followed chunk {chunks}.");
        }

        return new RateReply { Rate = chunks / Stopwatch.GetElapsedTime(start).TotalSeconds, Calls = chunks };
    }

    public static async Task<TimesReply> EchoPayloadsAsync(HostState state, PayloadSlot slot)
    {
        var text = new string('x', (int)slot.Characters);
        return Times(await SingleCaller.RunAsync(slot.Count, async () =>
        {
            var echo = await state.Pool.ExecuteAsync<Echo>("echo", new { text });
            if (echo.Text.Length != text.Length)
            {
                throw new InvalidOperationException($"An echo of {text.Length} characters has {echo.Text.Length}.");
            }
        }));
    }

    /// <summary>Throws if any call of a loop failed, because the rate and the costs of a loop with failed calls mean nothing.</summary>
    public static void ThrowIfAny(long errors, Exception? first)
    {
        if (errors > 0)
        {
            throw new InvalidOperationException($"{errors} calls failed; the first: {first?.Message}", first);
        }
    }

    /// <summary>Converts the durations of calls, in milliseconds, to a reply.</summary>
    public static TimesReply Times(double[] milliseconds) => new() { Samples = SingleCaller.Microseconds(milliseconds.Order()) };

    /// <summary>Returns the process ids of the workers of a pool.</summary>
    public static int[] WorkersOf(SnakepitPool pool) => [.. pool.GetStatistics().Workers.Select(worker => worker.ProcessId)];

    private sealed record Progress(int Step);

    private sealed record Echo(string Text);
}
