using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>Reads the memory of another process.</summary>
/// <param name="processId">The process.</param>
internal sealed unsafe partial class ProcessMemory(int processId)
{
    /// <summary>Reads as many bytes as fit into the buffer. Returns false if not all of them can be read.</summary>
    public bool TryRead(ulong address, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            var local = new Range { Start = (nint)bytes, Length = (nuint)buffer.Length };
            var remote = new Range { Start = (nint)address, Length = (nuint)buffer.Length };
            return SysRead(processId, &local, 1, &remote, 1, 0) == buffer.Length;
        }
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static partial nint SysRead(int process, Range* local, nuint localCount, Range* remote, nuint remoteCount, nuint flags);

    private struct Range
    {
        public nint Start;
        public nuint Length;
    }
}
