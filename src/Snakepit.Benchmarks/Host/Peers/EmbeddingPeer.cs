using System.Text.Json;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A peer (another way to call Python) that is one Python process without a pool, which makes the vectors of texts.</summary>
/// <param name="process">The process of the script.</param>
internal sealed class EmbeddingPeer(PeerProcess process) : IAsyncDisposable
{
    /// <summary>Starts the process, with the showcase that the workers of this host have.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static async Task<EmbeddingPeer> StartAsync() =>
        new(await PeerProcess.StartAsync(["embedding.py", Path.Combine(AppContext.BaseDirectory, "python")], workers: 1));

    /// <summary>
    /// Makes the vector of each text, and returns how long all took, their CPU time, and the SHA-256 of the bytes of each.
    /// </summary>
    public async Task<(double Seconds, double Cpu, string[] Digests)> EmbedAsync(IEnumerable<string> texts, int dimensions)
    {
        var answer = await process.AskAsync(new { texts, dimensions });
        return (
            answer.GetProperty("seconds").GetDouble(),
            answer.GetProperty("cpu").GetDouble(),
            answer.GetProperty("digests").Deserialize<string[]>()!);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
