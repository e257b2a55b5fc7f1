using System.Diagnostics;
using Snakepit.Benchmarks.References;
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

    /// <summary><c>open</c> (starts, begin): calls start when the schedule says. The samples are microseconds from the intended start.</summary>
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
            Samples = [.. result.Latency.Sorted.Select(Microseconds)],
            Values = cost.PerCallSince(before, schedule.Starts.Length).Add("latenessP99Ms", result.Lateness.Quantile(0.99)),
        };
    }

    /// <summary><c>single</c> (count): one caller, one call after the other. The samples are microseconds.</summary>
    public static async Task<SlotReply> SingleAsync(HostState state, SlotRequest request)
    {
        var times = new double[request.Count];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await state.PingAsync();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return new SlotReply(request.Id) { Samples = [.. times.Select(Microseconds)] };
    }

    /// <summary>
    /// <c>bare</c> (workers, milliseconds): pings by hand over the same transport, without the pool, one loop a worker; its workers start with
    /// the first such slot. Costs are per call.
    /// </summary>
    public static async Task<SlotReply> BareAsync(HostState state, SlotRequest request)
    {
        state.Bare ??= await BareStreams.StartAsync(state.Options(request.Workers));
        var before = ProcessCost.Before(state.Bare.ProcessIds, pool: null);
        var (calls, elapsed) = await state.Bare.RunAsync(TimeSpan.FromMilliseconds(request.Milliseconds));
        var cost = ProcessCost.After(state.Bare.ProcessIds, pool: null);
        return new SlotReply(request.Id)
        {
            Values = cost.PerCallSince(before, calls).Add("rate", calls / elapsed.TotalSeconds).Add("calls", calls),
        };
    }

    private static int[] WorkersOf(SnakepitPool pool) => [.. pool.GetStatistics().Workers.Select(worker => worker.ProcessId)];

    private static int Microseconds(double milliseconds) => (int)Math.Round(milliseconds * 1000);

    /// <summary>Errors are failures, not calls: one is enough.</summary>
    private static void ThrowIfAny(long errors, Exception? first)
    {
        if (errors > 0)
        {
            throw new InvalidOperationException($"{errors} calls failed; the first: {first?.Message}", first);
        }
    }
}
