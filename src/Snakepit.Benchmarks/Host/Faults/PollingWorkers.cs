namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: every worker over gRPC has a thread that wakes up again and again.</summary>
/// <param name="amount">How long it sleeps at a time, in milliseconds.</param>
internal sealed class PollingWorkers(double amount) : SourceFault(
    SourcePatch.Before(
        "transports/grpc_server.py",
        "self._main_thread.run_first_task()",
        $"threading.Thread(target=lambda: all(iter(lambda: {PythonDelay.Sleep(amount)} is None, False)), daemon=True).start()"));
