using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>
/// Compiles the gRPC client code while the first Python process boots. The first gRPC call of a .NET process costs about 160 ms of
/// just-in-time compilation on a 2-core machine. Done at this moment it delays nothing, because .NET would only wait for Python.
/// </summary>
internal static class GrpcWarmUp
{
    private static int _begun;

    /// <summary>Begins in the background, once per .NET process.</summary>
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
        await using var transport = GrpcTransport.OpenToNowhere();
        transport.Send(new HostFrame { Ping = new Ping { Sequence = 1 } });
        await transport.ReadAsync(_ => default); // no frame arrives; using the code compiles it
    }
}
