using System.Collections.Immutable;
using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Slots that call.</summary>
internal static class LoadSlots
{
    /// <summary><c>closed</c> (callers, milliseconds): each caller makes one call after the other. Costs are per call.</summary>
    public static async Task<SlotReply> ClosedAsync(HostState state, SlotRequest request)
    {
        var workers = WorkersOf(state.Pool);
        var before = ProcessCost.Before(workers, state.Pool);
        var result = await ClosedLoop.RunAsync(request.Callers, TimeSpan.FromMilliseconds(request.Milliseconds), state.PingAsync);
        var cost = ProcessCost.After(workers, state.Pool);
        ThrowIfAny(result.Errors, result.FirstError);
        return new SlotReply(request.Id)
        {
            Values = cost.PerCallSince(before, result.Calls).Add("rate", result.Rate).Add("calls", result.Calls),
        };
    }

    /// <summary>
    /// <c>open</c> (starts, begin): calls start when the schedule says. The samples are microseconds from the intended start, in the schedule's order.
    /// </summary>
    public static async Task<SlotReply> OpenAsync(HostState state, SlotRequest request)
    {
        var schedule = new Schedule([.. request.Starts.Select(start => TimeSpan.FromMicroseconds(start))]);
        var workers = WorkersOf(state.Pool);
        var before = ProcessCost.Before(workers, state.Pool);
        var result = await OpenLoop.RunAsync(schedule, state.PingAsync, request.Begin);
        var cost = ProcessCost.After(workers, state.Pool);
        ThrowIfAny(result.Errors, result.FirstError);
        return new SlotReply(request.Id)
        {
            Samples = [.. result.Latencies.Select(Microseconds)],
            Values = cost.PerCallSince(before, schedule.Starts.Length).Add("latenessP99Ms", result.Lateness.Quantile(0.99)),
        };
    }

    /// <summary><c>single</c> (count): one caller, one call after the other. The samples are microseconds.</summary>
    public static async Task<SlotReply> SingleAsync(HostState state, SlotRequest request)
    {
        var times = await Callers.OneAsync(request.Count, state.PingAsync);
        return new SlotReply(request.Id) { Samples = [.. times.Order().Select(Microseconds)] };
    }

    /// <summary>
    /// <c>bare</c> (workers, milliseconds): pings by hand over the same transport, without the pool, one loop a worker; its workers start with
    /// the first such slot. Costs are per call.
    /// </summary>
    public static async Task<SlotReply> BareAsync(HostState state, SlotRequest request)
    {
        var bare = await state.BareAsync(request.Workers);
        var before = ProcessCost.Before(bare.ProcessIds, pool: null);
        var (calls, elapsed) = await bare.RunAsync(TimeSpan.FromMilliseconds(request.Milliseconds));
        var cost = ProcessCost.After(bare.ProcessIds, pool: null);
        return new SlotReply(request.Id)
        {
            Values = cost.PerCallSince(before, calls).Add("rate", calls / elapsed.TotalSeconds).Add("calls", calls),
        };
    }

    /// <summary><c>stream</c> (count): one stream of so many chunks, from the call to its end.</summary>
    public static async Task<SlotReply> StreamAsync(HostState state, SlotRequest request)
    {
        var (start, chunks) = (Stopwatch.GetTimestamp(), 0);
        await foreach (var chunk in state.Pool.StreamAsync<Progress>("stream_progress", new { steps = request.Count }))
        {
            chunks += chunk.Step == chunks + 1 ? 1 : throw new InvalidOperationException($"Chunk {chunk.Step} has followed chunk {chunks}.");
        }

        return new SlotReply(request.Id)
        {
            Values = ImmutableDictionary<string, double>.Empty.Add("rate", chunks / Stopwatch.GetElapsedTime(start).TotalSeconds).Add("calls", chunks),
        };
    }

    /// <summary><c>payload</c> (count, amount): so many calls whose argument and result are a text of so many characters. The samples are microseconds.</summary>
    public static async Task<SlotReply> PayloadAsync(HostState state, SlotRequest request)
    {
        var text = new string('x', (int)request.Amount);
        var times = await Callers.OneAsync(request.Count, async () =>
        {
            var echo = await state.Pool.ExecuteAsync<Echo>("echo", new { text });
            if (echo.Text.Length != text.Length)
            {
                throw new InvalidOperationException($"An echo of {text.Length} characters has {echo.Text.Length}.");
            }
        });
        return new SlotReply(request.Id) { Samples = [.. times.Order().Select(Microseconds)] };
    }

    /// <summary>Errors are failures, not calls: one is enough.</summary>
    public static void ThrowIfAny(long errors, Exception? first)
    {
        if (errors > 0)
        {
            throw new InvalidOperationException($"{errors} calls failed; the first: {first?.Message}", first);
        }
    }

    /// <summary>As samples are told.</summary>
    public static int Microseconds(double milliseconds) => (int)Math.Round(milliseconds * 1000);

    private static int[] WorkersOf(SnakepitPool pool) => [.. pool.GetStatistics().Workers.Select(worker => worker.ProcessId)];

    private sealed record Progress(int Step);

    private sealed record Echo(string Text);
}
