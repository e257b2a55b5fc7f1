using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>
/// Compiles the gRPC stack while the first Python process boots. The first gRPC call of a .NET process costs about 160 ms of just-in-time
/// compilation on a 2-core machine; done here, on the core that waits for Python, it costs next to nothing.
/// </summary>
internal static class GrpcWarmUp
{
    private static int _begun;

    /// <summary>Begins once per process, in the background.</summary>
    public static void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _ = Task.Run(RunAsync);
        }
    }

    private static async Task RunAsync()
    {
        _ = WorkerFrame.Parser.ParseFrom(new WorkerFrame { Pong = new Pong { Sequence = 1 } }.ToByteString());
        await using var transport = GrpcTransport.OpenToNobody();
        transport.Send(new HostFrame { Ping = new Ping { Sequence = 1 } });
        await transport.ReadAsync(_ => default); // nobody answers; the way there is what counts
    }
}
