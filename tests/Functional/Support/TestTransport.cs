namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The transport of a generic class of tests. Behaviour that both transports must have is tested in such a class, from which one class is
/// derived for each transport.
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
