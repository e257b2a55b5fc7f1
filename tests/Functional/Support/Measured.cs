using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Listens to one instrument and returns what a pool has measured with it.</summary>
/// <param name="instrument">The name of the instrument.</param>
/// <param name="pool">The name of the pool, because other tests run at the same time.</param>
/// <param name="meter">The name of the instrument's meter.</param>
internal sealed class Measured<T>(string instrument, string pool, string meter = SnakepitTelemetry.MeterName) : IDisposable
    where T : struct
{
    private readonly MetricCollector<T> _collector = new(meterScope: null, meter, instrument);

    /// <summary>The instrument, once it exists.</summary>
    public Instrument? Instrument => _collector.Instrument;

    /// <summary>All measurements of the pool so far.</summary>
    public IReadOnlyList<CollectedMeasurement<T>> All =>
        [.. _collector.GetMeasurementSnapshot().Where(one => Equals(one.Tags.GetValueOrDefault("snakepit.pool.name"), pool))];

    /// <summary>Has observable instruments measure now, and returns what they say of the pool, by the value of an attribute.</summary>
    public Dictionary<string, T> ReadBy(string attribute) =>
        Read().ToDictionary(one => (string)one.Tags[attribute]!, one => one.Value);

    /// <summary>Has observable instruments measure now, and returns what they say of the pool.</summary>
    public IReadOnlyList<CollectedMeasurement<T>> Read()
    {
        _collector.Clear();
        _collector.RecordObservableInstruments();
        return All;
    }

    public void Dispose() => _collector.Dispose();
}
