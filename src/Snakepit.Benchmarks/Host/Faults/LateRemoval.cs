namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: when a host was killed, its sockets are removed late.</summary>
/// <param name="amount">How late, in milliseconds.</param>
internal sealed class LateRemoval(double amount) : SourceFault(
    SourcePatch.Before("process/abandoned_sockets.py", "files = os.listdir(directory)", PythonDelay.Sleep(amount)));
