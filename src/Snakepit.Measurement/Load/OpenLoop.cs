using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Load;

/// <summary>What an open loop saw.</summary>
/// <param name="Latencies">
/// Milliseconds from each call's intended start to its end, in the order of the schedule: waiting that a late start caused is part of it.
/// </param>
/// <param name="Lateness">Milliseconds by which the load generator itself was late with a start.</param>
/// <param name="Errors">Calls that threw.</param>
/// <param name="FirstError">What the first failed call threw.</param>
public sealed record OpenLoopResult(ImmutableArray<double> Latencies, Sample Lateness, long Errors, Exception? FirstError)
{
    /// <summary>The latencies as a sample.</summary>
    public Sample Latency => new(Latencies);
}

/// <summary>
/// Calls that start when the schedule says, whether or not earlier ones have ended: the load that measures latency. Time counts from the
/// intended start, so a pause of the system under test shows in every call that should have started in it (no coordinated omission).
/// </summary>
public static partial class OpenLoop
{
    // Sleeping ends late by some tens of microseconds; the rest of the way is a short spin.
    private static readonly TimeSpan SpinFrom = TimeSpan.FromMicroseconds(80);

    /// <summary>Runs the whole schedule from a thread of its own and waits for every call.</summary>
    /// <param name="schedule">When the calls start.</param>
    /// <param name="call">One call.</param>
    /// <param name="begin">
    /// When the schedule begins, as a timestamp of <see cref="Stopwatch"/>, whose clock is one for all processes of a machine; 0 for now.
    /// </param>
    public static async Task<OpenLoopResult> RunAsync(Schedule schedule, Func<Task> call, long begin = 0)
    {
        var starts = schedule.Starts;
        var (latency, lateness) = (new double[starts.Length], new double[starts.Length]);
        var calls = new Task[starts.Length];
        long errors = 0;
        Exception? first = null;

        var generator = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Generate) { IsBackground = true, Name = "open loop", Priority = ThreadPriority.Highest };
        thread.Start();
        await generator.Task;
        await Task.WhenAll(calls);
        return new OpenLoopResult([.. latency], new Sample(lateness), errors, first);

        void Generate()
        {
            begin = begin == 0 ? Stopwatch.GetTimestamp() : begin;
            for (var i = 0; i < starts.Length; i++)
            {
                var intended = begin + (long)(starts[i].TotalSeconds * Stopwatch.Frequency);
                WaitUntil(intended);
                lateness[i] = Stopwatch.GetElapsedTime(intended).TotalMilliseconds;
                calls[i] = CallAsync(i, intended);
            }

            generator.SetResult();
        }

        async Task CallAsync(int index, long intended)
        {
            try
            {
                await call();
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref errors);
                Interlocked.CompareExchange(ref first, exception, null);
            }

            latency[index] = Stopwatch.GetElapsedTime(intended).TotalMilliseconds;
        }
    }

    private static void WaitUntil(long timestamp)
    {
        while (true)
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            if (left > SpinFrom)
            {
                var pause = new TimeSpecification { Nanoseconds = (nint)Math.Min((left - SpinFrom).TotalNanoseconds, 999_999_999) };
                _ = NanoSleep(in pause, 0);
            }
            else
            {
                Thread.SpinWait(20);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpecification duration, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
