namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a worker uses additional CPU time for the answer to every call that it refuses.</summary>
/// <param name="amount">The additional CPU time of a refusal, in microseconds.</param>
internal sealed class SlowRefusals(double amount) : SourceFault(
    SourcePatch.Before("dispatch/catalog.py", "kind = error.kind if isinstance(", PythonDelay.Spin(amount)));
