using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Snakepit.Hosting;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Makes hosts for tests: with the configuration that the test gives, and no other.</summary>
internal static class TestHost
{
    public static IHost Create(
        Action<IServiceCollection> add, IReadOnlyDictionary<string, string?>? configuration = null, RecordedLog? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration ?? new Dictionary<string, string?>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        if (log is not null)
        {
            builder.Services.AddSingleton<ILoggerFactory>(log);
        }

        add(builder.Services);
        return builder.Build();
    }

    /// <summary>Gives a pool two workers with the tools of an adapter of the tests, whose processes the trace finds.</summary>
    public static Action<SnakepitSettings> Probe(ProcessTrace trace, string adapter = "probe_adapter", string? flag = null) => settings =>
    {
        settings.Adapter = adapter;
        settings.Workers = 2;
        settings.ModulePaths.Add(Path.Combine(AppContext.BaseDirectory, "probes"));
        foreach (var (name, value) in trace.Tag(Support.Probe.Options).EnvironmentVariables)
        {
            settings.EnvironmentVariables[name] = value;
        }

        if (flag is not null)
        {
            settings.EnvironmentVariables["FLAG"] = flag;
        }
    };
}
