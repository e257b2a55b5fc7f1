using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>The kernel's interface for tracers, as far as it is needed to sample a process. Only for x86-64 Linux.</summary>
internal static unsafe partial class Ptrace
{
    public const int SigProf = 27;

    private const int Cont = 7, GetRegs = 12, Detach = 17, Seize = 0x4206, InterruptRequest = 0x4207, ListenRequest = 0x4208;
    private const int TraceClone = 8;
    private const int AllKinds = 0x40000000, OfThisThread = 0x20000000; // __WALL, __WNOTHREAD
    private const int RegisterCount = 27, Rbp = 4, Rip = 16, Rsp = 19; // positions in struct user_regs_struct

    /// <summary>
    /// Begins to trace a thread, without stopping it. Threads that it starts are traced from their start. Returns the error number; 0 if
    /// it has succeeded.
    /// </summary>
    public static int Attach(int thread) => Request(Seize, thread, 0, TraceClone) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Stops a traced thread at once.</summary>
    public static void Interrupt(int thread) => Request(InterruptRequest, thread, 0, 0);

    /// <summary>Lets a stopped thread run on. It gets the signal, unless this is 0.</summary>
    public static void Continue(int thread, int signal) => Request(Cont, thread, 0, signal);

    /// <summary>Leaves a thread stopped that belongs to a stopped process, until the process is continued.</summary>
    public static void Listen(int thread) => Request(ListenRequest, thread, 0, 0);

    /// <summary>Ends the tracing of a stopped thread and lets it run on. It gets the signal, unless this is 0.</summary>
    public static void End(int thread, int signal) => Request(Detach, thread, 0, signal);

    /// <summary>Returns the instruction, stack and frame pointers of a stopped thread.</summary>
    public static (ulong Instruction, ulong Stack, ulong Frame) Registers(int thread)
    {
        var registers = stackalloc ulong[RegisterCount];
        Request(GetRegs, thread, 0, (nint)registers);
        return (registers[Rip], registers[Rsp], registers[Rbp]);
    }

    /// <summary>Waits until a thread that the calling thread traces has stopped or ended.</summary>
    /// <returns>The thread and what has happened to it; null if there is no traced thread.</returns>
    public static (int Thread, WaitStatus Status)? Wait()
    {
        int thread, status;
        do
        {
            thread = SysWait(-1, out status, AllKinds | OfThisThread);
        }
        while (thread < 0 && Marshal.GetLastPInvokeError() == 4); // EINTR
        return thread < 0 ? null : (thread, new WaitStatus(status));
    }

    private static nint Request(int request, int thread, nint address, nint data) => SysPtrace(request, thread, address, data);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint SysPtrace(nint request, int thread, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int SysWait(int process, out int status, int options);
}

/// <summary>What the kernel says of a traced thread.</summary>
/// <param name="value">The status as <c>waitpid</c> returns it.</param>
internal readonly struct WaitStatus(int value)
{
    private const int StopEvent = 128; // PTRACE_EVENT_STOP

    /// <summary>True if the thread has ended.</summary>
    public bool HasEnded => (value & 0xff) != 0x7f;

    /// <summary>The signal at which the thread has stopped.</summary>
    public int Signal => (value >> 8) & 0xff;

    /// <summary>True if the thread has stopped because of a signal that it is about to get.</summary>
    public bool IsSignal => Event == 0;

    /// <summary>True if the thread has stopped together with its process, by SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU.</summary>
    public bool IsStopOfProcess => Event == StopEvent && Signal is 19 or 20 or 21 or 22;

    private int Event => value >> 16;
}
