using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests that what Python tools measure reaches the listeners of .NET.</summary>
public abstract class PythonMetrics<T>
    where T : ITestTransport
{
    private static readonly SnakepitOptions Options =
        Probe.Over<T>() with { Adapter = "traced_tools", Workers = 1, Name = $"python metrics over {T.Transport}" };

    [PythonFact]
    public async Task A_measurement_has_its_value_its_unit_and_its_attributes_also_without_a_trace()
    {
        var name = $"rows.{Guid.NewGuid():N}";
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var dropped = new Measured<long>("snakepit.python.dropped", pool.Name, SnakepitTelemetry.PythonMeterName);
        using var rows = new Measured<double>(name, pool.Name, SnakepitTelemetry.PythonMeterName);
        await pool.ExecuteAsync("metrics", new { name, values = new[] { 42, 0.5 } }).InTime();
        Assert.Equal([42, 0.5], rows.All.Select(one => one.Value));
        Assert.Equal("{row}", rows.Instrument!.Unit);
        Assert.Equal("csv", rows.All[0].Tags["source"]);
        Assert.Empty(dropped.All);
    }

    [PythonFact]
    public async Task A_measurement_with_a_wrong_name_unit_or_value_is_dropped_and_counted()
    {
        var name = $"rows.{Guid.NewGuid():N}";
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        using var dropped = new Measured<long>("snakepit.python.dropped", pool.Name, SnakepitTelemetry.PythonMeterName);
        using var rows = new Measured<double>(name, pool.Name, SnakepitTelemetry.PythonMeterName);
        await pool.ExecuteAsync("metrics", new { name, values = new[] { 1, double.NaN, double.PositiveInfinity } }).InTime();
        await pool.ExecuteAsync("metrics", new { name, values = new[] { 1 }, unit = "By" }).InTime();
        foreach (var wrong in new[] { "", "1st", "two words", "snakepit.call.duration", new string('x', 300) })
        {
            await pool.ExecuteAsync("metrics", new { name = wrong, values = new[] { 1 } }).InTime();
        }

        Assert.Equal([1], rows.All.Select(one => one.Value));
        Assert.Equal([2, 1, 1, 1, 1, 1, 1], dropped.All.Select(one => one.Value));
    }
}

public sealed class PythonMetricsOverGrpc : PythonMetrics<OverGrpc>;

public sealed class PythonMetricsOverDirect : PythonMetrics<OverDirect>;
