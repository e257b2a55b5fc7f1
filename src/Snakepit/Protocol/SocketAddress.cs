using System.Net.Sockets;

namespace Snakepit.Protocol;

/// <summary>Parses the addresses of workers' sockets, which workers report in the notation of gRPC: <c>unix:/path</c>.</summary>
internal static class SocketAddress
{
    private const string Scheme = "unix:";

    /// <summary>Returns the Unix socket that an endpoint names.</summary>
    /// <exception cref="InvalidDataException">The endpoint, which the worker has reported, does not name a Unix socket.</exception>
    public static UnixDomainSocketEndPoint Parse(string endpoint) =>
        endpoint.Length > Scheme.Length && endpoint.StartsWith(Scheme, StringComparison.Ordinal)
            ? new UnixDomainSocketEndPoint(endpoint[Scheme.Length..])
            : throw new InvalidDataException($"A worker's endpoint must be {Scheme}/path; this one is '{endpoint}'.");

    /// <summary>Makes sure that a worker's socket still exists before the worker is connected to.</summary>
    /// <exception cref="SocketDirectoryException">The socket was deleted.</exception>
    public static void ThrowIfDeleted(string endpoint, int worker)
    {
        var path = endpoint[Math.Min(Scheme.Length, endpoint.Length)..];
        if (!File.Exists(path))
        {
            throw new SocketDirectoryException(path, $"The socket '{path}' was deleted while worker {worker} was starting", reason: null);
        }
    }
}
