using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Snakepit.Measurement.Samples;

namespace Snakepit.Measurement.Load;

/// <summary>The latencies and errors of the calls of one open-loop load (see <see cref="OpenLoop"/>).</summary>
/// <param name="Latencies">
/// Latency of each call in milliseconds, in the order of the schedule. It is counted from the scheduled start of the call to its end, so it
/// includes the delay of a call that the load generator started late.
/// </param>
/// <param name="Lateness">
/// Delay of the start of each call in milliseconds: how much later than scheduled the load generator started the call.
/// </param>
/// <param name="Errors">The number of calls that threw an exception.</param>
/// <param name="FirstError">The exception of the first call that failed; null if no call failed.</param>
public sealed record OpenLoopResult(ImmutableArray<double> Latencies, Sample Lateness, long Errors, Exception? FirstError)
{
    /// <summary>The latencies of all calls as a sample, in milliseconds.</summary>
    public Sample Latency => new(Latencies);
}

/// <summary>
/// A load for measuring latency: every call starts at its scheduled time, whether or not earlier calls have ended. Latency is counted from
/// the scheduled time. A pause of the system under test therefore shows in every call that was scheduled during the pause, and not only in
/// the calls that were in flight. A load that waits for the system before it starts the next call misses these latencies, an error known as
/// coordinated omission.
/// </summary>
public static partial class OpenLoop
{
    // The kernel ends a sleep some tens of microseconds late. The load generator therefore sleeps until shortly before the start of a call,
    // and spends the rest of the time in a busy loop.
    private static readonly TimeSpan SpinTime = TimeSpan.FromMicroseconds(80);

    /// <summary>Starts all calls of the schedule from a dedicated thread, and waits until every call has ended.</summary>
    /// <param name="schedule">The start time of each call.</param>
    /// <param name="call">The function that makes one call.</param>
    /// <param name="begin">
    /// The time at which the schedule begins, as a timestamp of <see cref="Stopwatch"/>; 0 means now. All processes of a machine share the
    /// clock of <see cref="Stopwatch"/>, so several processes can begin at the same moment.
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

            if (left > SpinTime)
            {
                var pause = new TimeSpecification { Nanoseconds = (nint)Math.Min((left - SpinTime).TotalNanoseconds, 999_999_999) };
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
