using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>Reads the CPU time of processes, to the nanosecond.</summary>
internal static partial class ProcessorClock
{
    private const int PreciseClock = 2; // CPUCLOCK_SCHED

    /// <summary>Returns the CPU time that all threads of a process have used, in microseconds; 0 if the process has ended.</summary>
    public static double Microseconds(int processId) =>
        SysClock((~processId << 3) | PreciseClock, out var time) == 0 ? (time.Seconds * 1e6) + (time.Nanoseconds / 1e3) : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int SysClock(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
