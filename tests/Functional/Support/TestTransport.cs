namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The transport that a generic test class gets as its type argument. A generic test class tests behaviour that both transports must have.
/// Every generic test class has two derived classes, one for each transport.
/// </summary>
public interface ITestTransport
{
    static abstract WorkerTransport Transport { get; }
}

public sealed class OverGrpc : ITestTransport
{
    public static WorkerTransport Transport => WorkerTransport.Grpc;
}

public sealed class OverDirect : ITestTransport
{
    public static WorkerTransport Transport => WorkerTransport.Direct;
}
