namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: over the transport Direct, a worker uses additional CPU time for every frame that it has received.</summary>
/// <param name="amount">The additional CPU time of a frame, in microseconds.</param>
internal sealed class SlowDirectFrames(double amount) : SourceFault(
    SourcePatch.Before("transports/direct_server.py", "buffer = buffer + received if buffer else received", PythonDelay.Spin(amount)));
