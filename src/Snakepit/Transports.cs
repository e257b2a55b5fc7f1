using Snakepit.Protocol;
using Snakepit.Protocol.Direct;
using Snakepit.Protocol.Grpc;

namespace Snakepit;

/// <summary>Finds the transport that an option selects.</summary>
internal static class Transports
{
    public static TransportDescriptor Of(WorkerTransport transport) => transport switch
    {
        WorkerTransport.Grpc => GrpcTransport.Descriptor,
        WorkerTransport.Direct => DirectTransport.Descriptor,
        _ => throw new ArgumentOutOfRangeException(nameof(transport), transport, "There is no such transport."),
    };
}
