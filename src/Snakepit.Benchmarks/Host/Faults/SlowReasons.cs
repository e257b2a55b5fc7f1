namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a worker waits before it says what is wrong with the arguments of a call.</summary>
/// <param name="amount">How long it waits, in milliseconds.</param>
internal sealed class SlowReasons(double amount) : SourceFault(
    SourcePatch.Before("tools/tool.py", "is_unknown = bool(faults)", PythonDelay.Sleep(amount)));
