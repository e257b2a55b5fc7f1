namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A peer (an alternative to the pool) that is a web service, called with <see cref="HttpClient"/>.</summary>
internal sealed class HttpPeer(PeerProcess process) : CalledPeer(process)
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(process.Endpoints[0]) };

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task PingAsync() => RequirePong(await _client.GetByteArrayAsync("/ping"));
}
