using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that make calls which do not succeed. Each fails if a call ends in another way than it must.</summary>
internal static class ErrorHandlers
{
    public static async Task<ErrorTimesReply> MeasureTimesAsync(HostState state, ErrorTimesSlot slot)
    {
        var (errors, pings) = (new double[slot.Count], new double[slot.Count]);
        for (var i = 0; i < slot.Count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await state.PingAsync();
            pings[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            await CallSchedule.MakeAsync(state.Pool, slot.Kind, i + 1);
            errors[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return new ErrorTimesReply { ErrorMs = new Sample(errors).Median, PingMs = new Sample(pings).Median };
    }

    public static async Task<CancelReply> CancelAsync(HostState state, CancelSlot slot)
    {
        var tool = slot.AtSafePoint ? "wait_at_safe_point" : "wait_in_sleep";
        var (told, noticed) = (new double[slot.Count], new double[slot.Count]);
        var directory = Directory.CreateTempSubdirectory("bench-cancel-");
        try
        {
            for (var i = 0; i < slot.Count; i++)
            {
                var log = Path.Combine(directory.FullName, $"{i}.log");
                (var cancelled, told[i]) = await CancelAsync(state.Pool, tool, log);
                var moment = long.Parse(await LineAsync(log, 2), CultureInfo.InvariantCulture);
                noticed[i] = (moment - (cancelled * (1e9 / Stopwatch.Frequency))) / 1e6;
                await AllIdleAsync(state.Pool);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return new CancelReply { ToldMs = new Sample(told).Median, NoticedMs = new Sample(noticed).Median };
    }

    public static async Task<ErrorScheduleReply> RunScheduleAsync(HostState state, ErrorScheduleSlot slot)
    {
        var (kinds, next, before) = (CallSchedule.Draw(slot.Count, slot.Seed), -1, state.Pool.GetStatistics().Calls);
        var result = await ClosedLoop.RunAsync(slot.Callers, kinds.Length, () =>
        {
            var index = Interlocked.Increment(ref next);
            return CallSchedule.MakeAsync(state.Pool, kinds[index], index + 1);
        });
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        CallSchedule.RequireCounted(kinds, before, state.Pool.GetStatistics().Calls);
        return new ErrorScheduleReply { Right = result.Calls };
    }

    /// <summary>
    /// Starts a call, and cancels it when its tool has begun. Returns the timestamp of the cancellation, and after how many milliseconds
    /// the caller was told.
    /// </summary>
    private static async Task<(long Cancelled, double ToldMs)> CancelAsync(SnakepitPool pool, string tool, string log)
    {
        using var source = new CancellationTokenSource();
        var call = pool.ExecuteAsync(tool, new { seconds = Polling.Patience.TotalSeconds, log }, cancellationToken: source.Token);
        var begun = LineAsync(log, 1);
        if (await Task.WhenAny(begun, call) == call)
        {
            await call;
            throw new InvalidOperationException($"A call of '{tool}' has ended before it was cancelled.");
        }

        await begun;
        var start = Stopwatch.GetTimestamp();
        var cancelling = source.CancelAsync();
        try
        {
            await call;
        }
        catch (OperationCanceledException)
        {
            var told = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await cancelling;
            return (start, told);
        }

        throw new InvalidOperationException($"A call of '{tool}' that was cancelled has ended with a result.");
    }

    /// <summary>Waits until a tool has written a line, and returns the line.</summary>
    private static async Task<string> LineAsync(string log, int number)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Polling.Patience; await Task.Delay(1))
        {
            if (File.Exists(log) && (await File.ReadAllTextAsync(log)).Split('\n') is { } lines && lines.Length > number)
            {
                return lines[number - 1];
            }
        }

        throw new TimeoutException($"A tool has not written line {number} to {log} after {Polling.Patience.TotalSeconds} s.");
    }

    // The pool may have one worker more for a moment, because it replaces one that was interrupted.
    private static Task AllIdleAsync(SnakepitPool pool) => Polling.UntilAsync(
        () => pool.GetStatistics().Workers.All(worker => worker.State == WorkerState.Idle),
        () => "A worker whose call was cancelled is not idle");
}
