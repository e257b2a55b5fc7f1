using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>
/// Samples the stacks of a process that has a profiling timer. The timer sends a signal to the thread that is running; the signal stops the
/// thread, its registers and its stack are read, and it runs on. All requests of a tracer must come from one thread, which this class owns.
/// </summary>
/// <remarks>If this process dies, the kernel ends the tracing and lets every stopped thread run on.</remarks>
internal sealed class TracedProcess
{
    private const int MostStack = 16 * 1024, LeastStack = 512;
    private const int NotPermitted = 1; // EPERM

    private readonly int _processId;
    private readonly ProcessMemory _memory;
    private readonly List<RawSample> _samples = [];
    private readonly HashSet<int> _threads = [];
    private readonly byte[] _stack = new byte[MostStack];
    private readonly TaskCompletionSource<string?> _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _tracer;
    private volatile bool _isEnding;

    public TracedProcess(int processId)
    {
        (_processId, _memory) = (processId, new ProcessMemory(processId));
        _tracer = new Thread(Trace) { IsBackground = true, Name = $"tracer of {processId}" };
        _tracer.Start();
    }

    /// <summary>Completes when the process is traced, with null; or with the reason why it cannot be traced.</summary>
    public Task<string?> Attached => _attached.Task;

    /// <summary>Ends the tracing and returns the samples.</summary>
    public IReadOnlyList<RawSample> End()
    {
        _isEnding = true;
        Signals.Send(_processId, Ptrace.SigProf); // stops a thread, so that the tracer looks whether it shall end
        _tracer.Join();
        return _samples;
    }

    private void Trace()
    {
        var problem = Attach();
        var isInterrupted = problem is not null;
        if (isInterrupted)
        {
            InterruptAll(); // some threads may be traced although not all can be
        }

        _attached.SetResult(problem);
        while (_threads.Count > 0 && Ptrace.Wait() is var (thread, status))
        {
            if (_isEnding && !isInterrupted)
            {
                isInterrupted = true;
                InterruptAll();
            }

            if (status.HasEnded)
            {
                _threads.Remove(thread);
            }
            else
            {
                _threads.Add(thread); // a new thread is traced from its start
                Handle(thread, status, isInterrupted);
            }
        }
    }

    private void InterruptAll()
    {
        foreach (var thread in _threads)
        {
            Ptrace.Interrupt(thread);
        }
    }

    private void Handle(int thread, WaitStatus status, bool isInterrupted)
    {
        var isSample = status is { IsSignal: true, Signal: Ptrace.SigProf };
        if (isSample && !isInterrupted)
        {
            Take(thread);
        }

        var delivered = status.IsSignal && !isSample ? status.Signal : 0;
        if (isInterrupted)
        {
            Ptrace.End(thread, delivered);
            _threads.Remove(thread);
        }
        else if (status.IsStopOfProcess)
        {
            Ptrace.Listen(thread);
        }
        else
        {
            Ptrace.Continue(thread, delivered);
        }
    }

    /// <summary>Begins to trace all threads. Returns null, or why the process cannot be traced.</summary>
    private string? Attach()
    {
        // A thread that starts while the list is read is in no list, so that the list is read until it has nothing new. Threads that are
        // traced already need not be looked for: what they start is traced.
        bool hasNew;
        do
        {
            hasNew = false;
            foreach (var thread in Threads().Where(thread => !_threads.Contains(thread)))
            {
                if (Ptrace.Attach(thread) is var error and not 0)
                {
                    if (thread == _processId)
                    {
                        return $"process {_processId} cannot be traced: {Marshal.GetPInvokeErrorMessage(error)}{AdviceOn(error)}";
                    }

                    continue; // the thread has ended
                }

                hasNew = _threads.Add(thread);
            }
        }
        while (hasNew);
        return null;
    }

    private static string AdviceOn(int error) => error == NotPermitted
        ? ". Something else traces it, or ptrace is forbidden: a container needs --cap-add SYS_PTRACE, "
            + "and /proc/sys/kernel/yama/ptrace_scope must be below 2"
        : "";

    private IEnumerable<int> Threads()
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{_processId}/task")
                .Select(task => int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture))];
        }
        catch (DirectoryNotFoundException)
        {
            return [_processId]; // it has ended, and the attempt to trace it says so
        }
    }

    private void Take(int thread)
    {
        var now = Stopwatch.GetTimestamp();
        var (instruction, stack, frame) = Ptrace.Registers(thread);
        for (var size = MostStack; size >= LeastStack; size /= 2)
        {
            if (_memory.TryRead(stack, _stack.AsSpan(0, size))) // the stack may end before the window does
            {
                var words = MemoryMarshal.Cast<byte, ulong>(_stack.AsSpan(0, size)).ToArray();
                _samples.Add(new RawSample(now, instruction, stack, frame, words));
                return;
            }
        }

        _samples.Add(new RawSample(now, instruction, stack, frame, []));
    }
}
