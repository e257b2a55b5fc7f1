using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Snakepit.Benchmarks.Host.Meters;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A peer (an alternative to the pool) that is a web service on a Unix socket, to which arrays are sent as the bytes of their elements.
/// </summary>
internal sealed class RawBytesPeer : IArrayPeer
{
    private readonly PeerProcess _process;
    private readonly HttpClient _client;

    public RawBytesPeer(PeerProcess process)
    {
        _process = process;
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(process.Endpoints[0]), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        });
    }

    public Task<double[]> EchoAsync(int length, int count)
    {
        var array = MadeUpArray.Of(length);
        return SingleCaller.RunAsync(count, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://peer/") { Content = new ElementsContent(array) };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var echo = new float[length];
            await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
            body.ReadExactly(MemoryMarshal.AsBytes(echo.AsSpan()));
            MadeUpArray.RequireSame(array, echo);
        });
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _process.DisposeAsync();
    }

    /// <summary>The bytes of an array's elements, which are sent without being copied.</summary>
    private sealed class ElementsContent(float[] elements) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            stream.Write(MemoryMarshal.AsBytes(elements.AsSpan()));
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)elements.Length * sizeof(float);
            return true;
        }
    }
}
