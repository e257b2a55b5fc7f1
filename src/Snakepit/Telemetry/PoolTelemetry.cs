namespace Snakepit.Telemetry;

/// <summary>What one pool tells those who listen to its calls. While nobody listens, it does nothing.</summary>
/// <param name="time">The clock of the pool.</param>
internal sealed class PoolTelemetry(TimeProvider time) : IDisposable
{
    private ReportedPool? _pool;

    /// <summary>Whether anybody listens to calls. Reads a few fields and nothing else.</summary>
    public static bool IsListenedTo =>
        Instruments.CallDuration.Enabled
        || Instruments.QueueTime.Enabled
        || Instruments.Chunks.Enabled
        || Spans.Source.HasListeners()
        || PythonInstruments.AreListenedTo;

    /// <summary>The pool as it is reported. <see cref="Report"/> must have been called.</summary>
    public ReportedPool Pool => _pool!;

    /// <summary>Reports the pool from now on. To be called once, before the first call.</summary>
    /// <inheritdoc cref="ReportedPool.Report"/>
    public void Report(string name, int workers, Func<PoolStatistics> read, Func<int, long> memoryOf) =>
        _pool = ReportedPool.Report(name, workers, read, memoryOf);

    /// <summary>
    /// Makes the instruments, which a collector may read before the first call. It takes milliseconds once in a process, most of them for
    /// compiling code, so it is done beside the caller, when the start of the pool does not need the processors any more.
    /// </summary>
    public static void MakeInstruments() => _ = Task.Run(static () => IsListenedTo);

    /// <summary>Begins to observe a call that begins now. Returns null if nobody listens.</summary>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="session">The key of the session that the call belongs to, if any.</param>
    public ObservedCall? Observe(string tool, string? session) => IsListenedTo ? new ObservedCall(Pool, time, tool, session) : null;

    public void Dispose() => _pool?.Dispose();
}
