using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Snakepit.Benchmarks.Host.Peers;

namespace Snakepit.Benchmarks.Host.Models;

/// <summary>
/// The sample texts of the showcase with their languages, in an order in which the languages take turns, and the vectors of the texts as a
/// process without a pool makes them.
/// </summary>
internal sealed class Corpus : IAsyncDisposable
{
    private const int Dimensions = 256;
    private const int HeldOutEvery = 4; // one text in four of each language

    private readonly EmbeddingPeer _peer;
    private readonly Dictionary<string, string> _digests;

    private Corpus(IEnumerable<(string Text, string Language, int Number)> texts, EmbeddingPeer peer, Dictionary<string, string> digests)
    {
        (_peer, _digests, All) = (peer, digests, [.. texts.Select(one => (one.Text, one.Language))]);
        ToLearn = [.. texts.Where(one => one.Number % HeldOutEvery != 0).Select(one => (one.Text, one.Language))];
        HeldOut = [.. texts.Where(one => one.Number % HeldOutEvery == 0).Select(one => (one.Text, one.Language))];
    }

    /// <summary>All texts.</summary>
    public ImmutableArray<(string Text, string Language)> All { get; }

    /// <summary>The texts that a model learns from.</summary>
    public ImmutableArray<(string Text, string Language)> ToLearn { get; }

    /// <summary>The texts that a model is judged by, which it has not learned from.</summary>
    public ImmutableArray<(string Text, string Language)> HeldOut { get; }

    /// <summary>Gets the texts from a worker, starts the process without a pool, and has it make all vectors.</summary>
    public static async Task<Corpus> LoadAsync(SnakepitPool pool)
    {
        var samples = await pool.ExecuteAsync<Samples>("load_sample_data");
        var texts = samples.Texts.Zip(samples.Labels).GroupBy(pair => pair.Second)
            .SelectMany(pairs => pairs.Select((pair, index) => (pair.First, pairs.Key, index + 1)))
            .OrderBy(text => text.Item3).ToList();
        var peer = await EmbeddingPeer.StartAsync();
        try
        {
            var (_, _, digests) = await peer.EmbedAsync(samples.Texts, Dimensions);
            return new Corpus(texts, peer, samples.Texts.Zip(digests).DistinctBy(pair => pair.First).ToDictionary());
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the text with a number, from 0 on; after the last text, the first one comes again.</summary>
    public string TextAt(int number) => All[number % All.Length].Text;

    /// <summary>Makes the vectors of the first texts in the process without a pool, and returns the time and the CPU time.</summary>
    /// <exception cref="InvalidOperationException">The process has made another vector than before.</exception>
    public async Task<(double Seconds, double Cpu)> EmbedBesideAsync(int count)
    {
        string[] texts = [.. Enumerable.Range(0, count).Select(TextAt)];
        var (seconds, cpu, digests) = await _peer.EmbedAsync(texts, Dimensions);
        return digests.SequenceEqual(texts.Select(text => _digests[text]))
            ? (seconds, cpu)
            : throw new InvalidOperationException("The process without a pool makes other vectors than before.");
    }

    /// <summary>Throws if a vector is not the one that the process without a pool makes of a text.</summary>
    public void RequireVector(string text, ReadOnlySpan<float> vector)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector))) != _digests[text])
        {
            throw new InvalidOperationException($"The vector of the text '{text}' is not the one that a process without a pool makes.");
        }
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private sealed record Samples(string[] Texts, string[] Labels);
}
