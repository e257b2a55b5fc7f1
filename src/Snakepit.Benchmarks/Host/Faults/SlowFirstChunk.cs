namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every stream uses additional CPU time in the worker before it begins.</summary>
/// <param name="amount">The additional CPU time of a stream, in microseconds.</param>
internal sealed class SlowFirstChunk(double amount) : SourceFault(
    SourcePatch.Before("dispatch/plain_calls.py", "generator = interrupts.run(", PythonDelay.Spin(amount)));
