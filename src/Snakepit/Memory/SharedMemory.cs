using System.Collections.Immutable;
using Snakepit.Memory;

namespace Snakepit;

/// <summary>
/// The shared memory in which this process sends large arrays and bytes to its workers. The workers read it in place; the memory is used
/// again when they have done with it, and given to the system when it was not used for some seconds.
/// </summary>
public static class SharedMemory
{
    private static long _limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>
    /// How many bytes may be in use at a time, in all pools of this process together. The same number bounds the memory in which each
    /// worker sends its results. If it is 0 when a worker starts, everything travels in frames from then on, which are bounded by
    /// <see cref="SnakepitOptions.MaxPayloadBytes"/>. Default: a quarter of the memory that this process may use, which a container may
    /// limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static long Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref _limit, value);
        }
    }

    /// <summary>
    /// Whether each <see cref="SharedArray{T}"/> remembers the stack trace of its creation, for <see cref="Leaked"/>. This takes some
    /// microseconds and kilobytes each. Default: false.
    /// </summary>
    public static bool TracksOrigins { get; set; }

    /// <summary>
    /// Raised, on the thread pool, when the garbage collector has found a <see cref="SharedArray{T}"/> that nobody has disposed. Its memory
    /// was given back.
    /// </summary>
    public static event Action<SharedArrayLeak>? Leaked;

    /// <summary>Returns how much of the memory is in use now, for all pools of this process.</summary>
    public static SharedMemoryUsage GetUsage() => HostMemory.OfProcess.Usage();

    /// <summary>Raises <see cref="Leaked"/>. The finalizer's own thread must not run code of the application.</summary>
    internal static void ReportLeak(SharedArrayLeak leak)
    {
        if (Leaked is { } leaked)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static report => report.leaked(report.leak), (leaked, leak), preferLocal: false);
        }
    }
}

/// <summary>How much shared memory this process uses to send arrays to its workers.</summary>
/// <param name="Files">The number of memory files.</param>
/// <param name="BytesInUse">How many bytes hold values that were not given back.</param>
/// <param name="BytesReserved">
/// How long the files are together. Parts of them that were never written to take up no memory.
/// </param>
public readonly record struct SharedMemoryUsage(int Files, long BytesInUse, long BytesReserved);

/// <summary>A <see cref="SharedArray{T}"/> that nobody has disposed.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="Shape">The length of each dimension, outermost first.</param>
/// <param name="Origin">The stack trace of its creation; null unless <see cref="SharedMemory.TracksOrigins"/> was set then.</param>
public sealed record SharedArrayLeak(Type Element, ImmutableArray<int> Shape, string? Origin);

/// <summary>
/// Thrown before anything is sent or allocated, when arrays or bytes need more shared memory than <see cref="SharedMemory.Limit"/> leaves.
/// </summary>
public sealed class SharedMemoryLimitException : SnakepitException
{
    internal SharedMemoryLimitException(long wanted, long taken, long limit)
        : base($"An array of {wanted:N0} bytes does not fit into the shared memory: {taken:N0} bytes of {limit:N0} are in use. Send less "
            + $"at a time, stream it, or raise {nameof(SharedMemory)}.{nameof(SharedMemory.Limit)}.")
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
