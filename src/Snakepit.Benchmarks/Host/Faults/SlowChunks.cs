namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every chunk of a stream uses additional CPU time in the worker before it is sent.</summary>
/// <param name="amount">The additional CPU time of a chunk, in microseconds.</param>
internal sealed class SlowChunks(double amount) : SourceFault(
    SourcePatch.Before(
        "dispatch/plain_calls.py", "channel.send_chunk(chunk if", PythonDelay.Spin(amount)));
