namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: workers send arrays of less than 16 MB in frames instead of shared memory.</summary>
internal sealed class ArraysInFrames() : SourceFault(
    new SourcePatch(
        "memory/files.py", "SMALLEST_SHARED = 64 * 1024 ", "SMALLEST_SHARED = 16 * 1024 * 1024 "));
