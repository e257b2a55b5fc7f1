namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: an idle template wakes up again and again to look for commands, instead of waiting for them.</summary>
/// <param name="amount">How long it sleeps at a time, in milliseconds.</param>
internal sealed class PollingTemplate(double amount) : SourceFault(
    new SourcePatch(
        "roles/fork_server.py", "self._selector.select()", $"self._selector.select({PythonDelay.Seconds(amount / 1e3)})"));
