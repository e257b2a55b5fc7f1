namespace Snakepit;

/// <summary>The transports that can carry messages between this process and its workers. Both transports offer the same features.</summary>
public enum WorkerTransport
{
    /// <summary>
    /// The gRPC transport opens one gRPC stream per worker on a Unix socket. The workers also serve <c>grpc.health.v1</c>. Python needs
    /// grpcio. This is the default.
    /// </summary>
    Grpc,

    /// <summary>
    /// The direct transport sends messages with a length prefix on a Unix socket, without gRPC. It is faster, and the workers need less
    /// memory. Python does not need grpcio.
    /// </summary>
    Direct,
}
