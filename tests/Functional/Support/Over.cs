namespace Snakepit.Tests.Functional.Support;

/// <summary>The transport that a class of tests runs over: those of a behaviour that both must have are derived once for each.</summary>
public interface IOver
{
    static abstract WorkerTransport Transport { get; }
}

public sealed class OverGrpc : IOver
{
    public static WorkerTransport Transport => WorkerTransport.Grpc;
}

public sealed class OverDirect : IOver
{
    public static WorkerTransport Transport => WorkerTransport.Direct;
}
