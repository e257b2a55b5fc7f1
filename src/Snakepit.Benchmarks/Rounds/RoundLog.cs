using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>The raw data of a run: <c>rounds.ndjson.gz</c>, one slot a line, in the order measured, with its round.</summary>
internal sealed class RoundLog : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(HostProtocol.Format)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly StreamWriter _writer;
    private readonly Lock _gate = new();

    /// <param name="path">Where; its folder is made.</param>
    public RoundLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Optimal));
    }

    /// <summary>Keeps a slot.</summary>
    public void Add(string scenario, int session, int round, SlotRecord slot)
    {
        var line = JsonSerializer.Serialize(new { scenario, session, round, side = slot.Side, request = slot.Request, reply = slot.Reply }, Format);
        lock (_gate)
        {
            _writer.WriteLine(line);
        }
    }

    public void Dispose() => _writer.Dispose();
}
