namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call from Python to .NET uses additional CPU time in the worker to make its frame.</summary>
/// <param name="amount">The additional CPU time of a call, in microseconds.</param>
internal sealed class SlowHostCalls(double amount) : SourceFault(
    SourcePatch.Before(
        "dispatch/host_call_frames.py", "fields: HostCallFields = {", PythonDelay.Spin(amount)));
