namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call of a session waits in the worker before its session is looked up, as for a lock that others hold.</summary>
/// <param name="amount">How long a call waits, in milliseconds.</param>
internal sealed class WaitingSessions(double amount) : SourceFault(
    new SourcePatch(
        "dispatch/plain_calls.py", "session = session_of(call)", $"session = ({PythonDelay.Sleep(amount)}, session_of(call))[1]"));
