using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests that OpenTelemetry collects what pools, and the Python code in them, report under their names.</summary>
public sealed class Instrumentation
{
    [Theory]
    [InlineData("Snakepit")]
    [InlineData("Snakepit.Python")]
    public void Activities_and_measurements_are_collected(string name)
    {
        var (activities, metrics) = (new List<Activity>(), new List<Metric>());
        var services = new ServiceCollection();
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSnakepitInstrumentation().AddInMemoryExporter(activities))
            .WithMetrics(measuring => measuring.AddSnakepitInstrumentation().AddInMemoryExporter(metrics));
        using var provider = services.BuildServiceProvider();
        var tracer = provider.GetRequiredService<TracerProvider>();
        var meters = provider.GetRequiredService<MeterProvider>();
        using var source = new ActivitySource(name);
        using var others = new ActivitySource("Others");
        using var meter = new Meter(name);

        source.StartActivity("greet")!.Dispose();
        Assert.Null(others.StartActivity("unheard"));
        meter.CreateCounter<int>("example.count").Add(3);

        Assert.True(tracer.ForceFlush());
        Assert.True(meters.ForceFlush());
        Assert.Equal("greet", Assert.Single(activities, activity => activity.Source == source).DisplayName);
        Assert.Contains(metrics, metric => metric.MeterName == name && metric.Name == "example.count");
    }
}
