using Google.Protobuf;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol.Grpc;

/// <summary>
/// Compiles the gRPC client code while the first Python process boots. The first gRPC call of a .NET process costs about 160 ms of
/// just-in-time compilation on a 2-core machine. The warm-up delays nothing, because .NET would otherwise only wait for Python.
/// </summary>
internal static class GrpcWarmUp
{
    private static int _begun;

    /// <summary>Begins the warm-up in the background. Only the first call in a .NET process has an effect.</summary>
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
        var transport = GrpcTransport.OpenToNowhere();
        await using var closing = transport.ConfigureAwait(false);
        transport.Send(new HostFrame { Ping = new Ping { Sequence = 1 } });
        await transport.ReadAsync(_ => default).ConfigureAwait(false); // no frame arrives; the call only makes .NET compile the code
    }
}
