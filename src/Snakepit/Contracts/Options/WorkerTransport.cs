namespace Snakepit;

/// <summary>How messages travel between this process and its workers. Both transports offer the same features.</summary>
public enum WorkerTransport
{
    /// <summary>
    /// One gRPC stream per worker on a Unix socket. The workers also serve <c>grpc.health.v1</c>. Python needs grpcio. The default.
    /// </summary>
    Grpc,

    /// <summary>
    /// Messages with a length prefix on a Unix socket, without gRPC. Faster, and the workers need less memory. Python does not need grpcio.
    /// </summary>
    Direct,
}
