namespace Snakepit;

/// <summary>How frames travel between this process and its workers. Both ways offer the same.</summary>
public enum WorkerTransport
{
    /// <summary>One gRPC stream a worker on a Unix socket, with <c>grpc.health.v1</c> beside it. Workers need grpcio.</summary>
    Grpc,

    /// <summary>Frames behind their lengths on a Unix socket: faster, and lighter by the whole of grpcio, which workers need not have.</summary>
    Direct,
}
