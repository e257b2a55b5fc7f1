namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call of a session uses additional CPU time in the worker to find the state of the session.</summary>
/// <param name="amount">The additional CPU time of a call, in microseconds.</param>
internal sealed class SlowSessions(double amount) : SourceFault(
    SourcePatch.Before("dispatch/sessions.py", "key, is_home = call.session.key", PythonDelay.Spin(amount)));
