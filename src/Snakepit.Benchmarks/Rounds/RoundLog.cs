using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// Writes the raw data of a run to <c>rounds.ndjson.gz</c>: one JSON object for each slot and its reply, in the order in which they were
/// measured.
/// </summary>
internal sealed class RoundLog : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly StreamWriter _writer;
    private readonly Lock _gate = new();

    /// <param name="path">The path of the file. Its folder is created if necessary.</param>
    public RoundLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Optimal));
    }

    /// <summary>Writes a slot and its reply.</summary>
    public void Add(string scenario, int session, int round, SlotRecord slot)
    {
        var line = JsonSerializer.Serialize(
            new
            {
                scenario,
                session,
                round,
                side = slot.Side,
                slot = Slot.NameOf(slot.Slot.GetType()),
                request = SlotRequest.ParametersOf(slot.Slot),
                values = slot.Reply.Values,
                samples = slot.Reply.Samples,
            },
            Format);
        lock (_gate)
        {
            _writer.WriteLine(line);
        }
    }

    public void Dispose() => _writer.Dispose();
}
