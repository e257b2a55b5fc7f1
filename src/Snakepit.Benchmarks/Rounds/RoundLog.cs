using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// Writes the raw data of a run to <c>rounds.ndjson.gz</c>: one JSON object for each slot and its reply, in the order in which they were
/// measured. If the file cannot be written, that is reported once, and the rest of the data is lost: the verdicts need only the figures
/// that are in memory, so a full disk must not end a measurement.
/// </summary>
internal sealed class RoundLog : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private StreamWriter? _writer;
    private bool _hasFailed;

    /// <param name="path">The path of the file. Its folder is created if necessary.</param>
    /// <param name="warn">Called with a line of text, at most once, if the file cannot be written.</param>
    public RoundLog(string path, Action<string> warn)
    {
        (_path, _warn) = (path, warn);
        Try(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Optimal));
        });
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
                ms = Math.Round(slot.Duration.TotalMilliseconds, 1),
                request = SlotRequest.ParametersOf(slot.Slot),
                values = slot.Reply.Values,
                samples = slot.Reply.Samples,
            },
            Format);
        lock (_gate)
        {
            Try(() => _writer?.WriteLine(line));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Try(Close);
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_hasFailed)
            {
                _hasFailed = true;
                _warn($"warning: the raw data could not be written to {_path}, and are incomplete: {exception.Message}");
                Try(Close); // what is left in the buffers fails in the same way
            }
        }
    }

    private void Close()
    {
        var writer = _writer;
        _writer = null;
        writer?.Dispose();
    }
}
