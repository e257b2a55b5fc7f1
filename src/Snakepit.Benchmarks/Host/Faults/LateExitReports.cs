namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: the template reports late that a worker has ended.</summary>
/// <param name="amount">How late, in milliseconds.</param>
internal sealed class LateExitReports(double amount) : SourceFault(
    SourcePatch.Before("roles/fork_server.py", "self._children.clear()", PythonDelay.Sleep(amount)));
