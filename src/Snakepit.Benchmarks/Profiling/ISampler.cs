using System.Collections.Immutable;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Takes samples of what the processes of a host do. Each way of sampling is an implementation.</summary>
internal interface ISampler : IAsyncDisposable
{
    /// <summary>How it samples, in a few words for the report.</summary>
    string Description { get; }

    /// <summary>Prepares the sampling of a host that is about to be started.</summary>
    /// <param name="directory">An existing empty folder for files.</param>
    ISampling Prepare(string directory);
}

/// <summary>The sampling of one host and its workers.</summary>
internal interface ISampling
{
    /// <summary>Sets the environment variables with which the host must be started.</summary>
    void SetUp(IDictionary<string, string?> environment);

    /// <summary>Begins to take samples. The host has started and has no pool yet.</summary>
    /// <exception cref="SamplingException">The host cannot be sampled.</exception>
    Task BeginAsync(int processId);

    /// <summary>Ends the sampling and returns the samples. The host is still running.</summary>
    /// <exception cref="SamplingException">The samples are lost.</exception>
    Task<IReadOnlyList<TimedSample>> EndAsync();
}

/// <summary>A sample and when it was taken.</summary>
/// <param name="Time">The time as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Frames">The functions on the stack, from the outermost to the innermost.</param>
/// <param name="Cost">The CPU time that the sample stands for, in microseconds.</param>
internal sealed record TimedSample(long Time, ImmutableArray<Frame> Frames, double Cost);

/// <summary>Thrown if a process cannot be sampled.</summary>
/// <param name="message">What has happened, and what to do.</param>
internal sealed class SamplingException(string message) : Exception(message);
