using System.Collections.Immutable;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>The line with which the tracer answers a request.</summary>
internal sealed record TraceReply
{
    /// <summary>Why the request has failed; null if it has succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The CPU time that the process has used while it was traced, in microseconds.</summary>
    public double CpuMicroseconds { get; init; }

    /// <summary>The functions on the stacks of the samples.</summary>
    public ImmutableArray<Frame> Frames { get; init; } = [];

    /// <summary>The samples.</summary>
    public ImmutableArray<TracedStack> Samples { get; init; } = [];
}

/// <summary>A sample.</summary>
/// <param name="Time">When it was taken, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Stack">The positions of its functions in <see cref="TraceReply.Frames"/>, from the outermost to the innermost.</param>
internal sealed record TracedStack(long Time, ImmutableArray<int> Stack);
