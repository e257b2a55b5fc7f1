namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every call from Python to .NET waits in the worker before it is sent.</summary>
/// <param name="amount">How long a call waits, in milliseconds.</param>
internal sealed class WaitingHostCalls(double amount) : SourceFault(
    SourcePatch.Before("dispatch/plain_call_channel.py", "request_id = request.host_call.id", PythonDelay.Sleep(amount)));
