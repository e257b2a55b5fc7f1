using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Prepares a benchmark host for the tracer that samples it. The runtime calls <see cref="Initialize"/> before the program's own main
/// method, because the environment variable DOTNET_STARTUP_HOOKS names this assembly. So hosts of older commits can be sampled, too.
/// </summary>
/// <remarks>The runtime finds the class by its name, which must have no namespace.</remarks>
internal static unsafe class StartupHook
{
    private const string Interval = "SNAKEPIT_PROFILE_INTERVAL_US";
    private const int Profiling = 27; // SIGPROF
    private const int ProcessorTime = 2; // ITIMER_PROF
    private const int SetTracer = 0x59616d61; // PR_SET_PTRACER
    private const nint Ignore = 1; // SIG_IGN

    public static void Initialize()
    {
        // The kernel stops a traced thread at a signal even if the process ignores the signal. Without a tracer nothing happens.
        _ = signal(Profiling, Ignore);
        _ = prctl(SetTracer, nuint.MaxValue, 0, 0, 0); // any process, because the tracer is a sibling of this process and not its parent
        var microseconds = long.Parse(Environment.GetEnvironmentVariable(Interval)!, CultureInfo.InvariantCulture);
        var interval = stackalloc long[] { 0, microseconds, 0, microseconds };
        _ = setitimer(ProcessorTime, interval, null);
    }

    [DllImport("libc")]
    private static extern nint signal(int number, nint handler);

    [DllImport("libc")]
    private static extern int setitimer(int which, long* value, long* old);

    [DllImport("libc")]
    private static extern int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
