namespace Snakepit.Telemetry;

/// <summary>The names of the attributes of measurements and spans. Those that begin with "rpc" or "error" are OpenTelemetry's.</summary>
internal static class TagNames
{
    public const string PoolName = "snakepit.pool.name";
    public const string WorkerState = "snakepit.worker.state";
    public const string RestartReason = "snakepit.worker.restart.reason";
    public const string WorkerId = "snakepit.worker.id";
    public const string SessionId = "snakepit.session.id";
    public const string Retries = "snakepit.call.retries";
    public const string DroppedSpans = "snakepit.python.dropped_spans";
    public const string DroppedMeasurements = "snakepit.python.dropped_measurements";
    public const string DroppedKind = "snakepit.python.dropped.kind";
    public const string RpcSystem = "rpc.system.name";
    public const string RpcMethod = "rpc.method";
    public const string ErrorType = "error.type";
    public const string ExceptionMessage = "exception.message";

    /// <summary>Returns the value of <see cref="ErrorType"/>: the class of the exception in Python, or else in .NET.</summary>
    public static string ErrorTypeOf(Exception exception) => exception switch
    {
        PythonException raised => raised.PythonType,
        OperationCanceledException => typeof(OperationCanceledException).FullName!,
        _ => exception.GetType().FullName!,
    };
}
