using Snakepit.Benchmarks.Host.Faults;

namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>
/// A trial of the profiled session: the candidate uses more CPU time in one function of the product, which must be named. Without a change,
/// both sides are the same, and nothing may be named.
/// </summary>
/// <param name="Transport">The transport over which pings are sent.</param>
/// <param name="Function">The function that is made slower; empty if none is.</param>
/// <param name="Microseconds">The additional CPU time for each call.</param>
internal sealed record NamingTrial(WorkerTransport Transport, string Function, double Microseconds)
{
    /// <summary>The change of the library; null if it is not changed.</summary>
    public SourceChange? DotNet { get; init; }

    /// <summary>The change of the Python package; null if it is not changed.</summary>
    public SourcePatch? Python { get; init; }

    /// <summary>True if both sides are the same.</summary>
    public bool IsIdentical => DotNet is null && Python is null;

    /// <summary>A name for tables and for the command line.</summary>
    public string Name => IsIdentical ? $"identical, {Transport}" : $"{Function} +{Microseconds} µs, {Transport}";

    /// <summary>Returns a trial with a slower function of the library.</summary>
    public static NamingTrial InDotNet(WorkerTransport transport, string function, double microseconds, string file, string statement) =>
        new(transport, function, microseconds) { DotNet = SourceChange.Spin(file, statement, microseconds) };

    /// <summary>Returns a trial with a slower function of the Python package.</summary>
    public static NamingTrial InPython(WorkerTransport transport, string function, double microseconds, string file, string statement) =>
        new(transport, function, microseconds) { Python = SourcePatch.Before(file, statement, PythonDelay.Spin(microseconds)) };
}
