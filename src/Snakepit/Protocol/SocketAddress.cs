using System.Net.Sockets;

namespace Snakepit.Protocol;

/// <summary>Addresses of workers' sockets, which workers report in gRPC's notation: <c>unix:/path</c>.</summary>
internal static class SocketAddress
{
    private const string Scheme = "unix:";

    /// <summary>The socket that an endpoint names.</summary>
    /// <exception cref="ArgumentException">It is not a Unix socket.</exception>
    public static UnixDomainSocketEndPoint Parse(string endpoint) => endpoint.StartsWith(Scheme, StringComparison.Ordinal)
        ? new UnixDomainSocketEndPoint(endpoint[Scheme.Length..])
        : throw new ArgumentException($"A worker's endpoint must be {Scheme}/path; this one is '{endpoint}'.", nameof(endpoint));
}
