using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that end workers and templates. Each fails if other calls or workers are lost than it has ended.</summary>
internal static class RestartHandlers
{
    public static async Task<RestartTimesReply> KillWorkersAsync(HostState state, WorkerKillsSlot slot)
    {
        await using var pool = await state.Template.StartPoolAsync(slot.Workers);
        var (next, complete) = (new double[slot.Kills], new double[slot.Kills]);
        for (var i = 0; i < slot.Kills; i++)
        {
            var start = await LostWorker.KillInCallAsync(pool);
            await state.PingAsync(pool);
            next[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await LostWorker.AllIdleAsync(pool, slot.Workers);
            complete[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        LostWorker.RequireRestarts(pool, slot.Kills);
        return new RestartTimesReply { NextCallMs = new Sample(next).Median, CompleteMs = new Sample(complete).Median };
    }

    public static async Task<RestartTimesReply> KillTemplateAsync(HostState state, TemplateKillSlot slot)
    {
        await using var pool = await SnakepitPool.StartAsync(state.Options(slot.Workers));
        var template = pool.GetStatistics().Template!.ProcessId;
        var start = Stopwatch.GetTimestamp();
        Signals.Send(template, Signals.Kill);
        await Polling.UntilAsync(
            () => pool.GetStatistics().Restarts >= slot.Workers, () => "The pool has not noticed that its template was killed");
        await state.PingAsync(pool);
        var next = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await LostWorker.AllIdleAsync(pool, slot.Workers);
        var complete = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        LostWorker.RequireRestarts(pool, slot.Workers);
        return pool.GetStatistics().Template!.ProcessId != template
            ? new RestartTimesReply { NextCallMs = next, CompleteMs = complete }
            : throw new InvalidOperationException($"The template, process {template}, was killed, and was not replaced.");
    }

    public static async Task<CrashScheduleReply> RunScheduleAsync(HostState state, CrashScheduleSlot slot)
    {
        await using var pool = await state.Template.StartPoolAsync(slot.Workers);
        bool[] crashes = [.. Enumerable.Range(0, slot.Calls).Select(number => number < slot.Crashes)];
        new Random(slot.Seed).Shuffle(crashes);
        var next = -1;
        var result = await ClosedLoop.RunAsync(slot.Workers, slot.Calls, () =>
        {
            var index = Interlocked.Increment(ref next);
            return crashes[index] ? CrashAsync(pool, index + 1) : AddAsync(pool, index + 1);
        });
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        await LostWorker.AllIdleAsync(pool, slot.Workers);
        LostWorker.RequireRestarts(pool, slot.Crashes);
        var (calls, completed) = (pool.GetStatistics().Calls, slot.Calls - slot.Crashes);
        return calls.Succeeded == completed && calls.Failed == slot.Crashes && calls.Started == slot.Calls
            ? new CrashScheduleReply { Completed = calls.Succeeded, Restarts = pool.GetStatistics().Restarts }
            : throw new InvalidOperationException(
                $"The pool has counted {calls}, and {completed} calls that succeeded and {slot.Crashes} that failed were expected.");
    }

    private static async Task CrashAsync(SnakepitPool pool, int number)
    {
        try
        {
            await pool.ExecuteAsync("crash", new { how = "memory" });
        }
        catch (WorkerLostException)
        {
            return;
        }

        throw new InvalidOperationException($"Call {number} has ended its worker, and has a result.");
    }

    private static async Task AddAsync(SnakepitPool pool, int number)
    {
        double sum;
        try
        {
            sum = await pool.ExecuteAsync<double>("add", new { a = number, b = 1 });
        }
        catch (WorkerLostException exception)
        {
            throw new InvalidOperationException($"Call {number} was lost, and was not to end its worker: {exception.Message}", exception);
        }

        if (sum != number + 1)
        {
            throw new InvalidOperationException($"Call {number} was to return {number + 1}, and has returned {sum}.");
        }
    }
}
