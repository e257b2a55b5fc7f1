namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: every call with a context waits in the worker before its session is looked up, as for a lock that others hold.
/// </summary>
/// <param name="amount">How long a call waits, in milliseconds.</param>
internal sealed class WaitingSessions(double amount) : SourceFault(
    SourcePatch.Before("dispatch/plain_calls.py", "self._channel.begin(call)", PythonDelay.Sleep(amount)));
