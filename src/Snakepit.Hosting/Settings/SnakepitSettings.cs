using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Snakepit.Hosting;

/// <summary>
/// The settings of a pool of the application. They are bound to the section <c>Snakepit</c> of the configuration, or <c>Snakepit:NAME</c>
/// for a pool with a name, and then changed by the code that adds the pool. The name is the one under which the pool was added; the logger
/// factory and the clock come from the container.
/// </summary>
public sealed class SnakepitSettings : ConfigurableSettings
{
    /// <inheritdoc cref="SnakepitOptions.HostTools"/>
    public IDictionary<string, HostTool> HostTools { get; } = new Dictionary<string, HostTool>();

    /// <inheritdoc cref="SnakepitOptions.Json"/>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>Returns the options of the pool. They are not checked yet.</summary>
    internal SnakepitOptions ToOptions(string? name, ILoggerFactory loggerFactory, TimeProvider timeProvider) => new()
    {
        Name = name,
        Adapter = Adapter,
        Workers = Workers,
        MaxConcurrentCallsPerWorker = MaxConcurrentCallsPerWorker,
        MinimumReadyWorkers = MinimumReadyWorkers,
        WorkerStart = WorkerStart,
        Transport = Transport,
        StartTimeout = StartTimeout,
        PythonPath = PythonPath,
        Environment = Environment.ToEnvironment(),
        ModulePaths = [.. ModulePaths],
        EnvironmentVariables = new Dictionary<string, string>(EnvironmentVariables),
        BlasThreads = BlasThreads,
        HashSeed = HashSeed,
        Unbuffered = Unbuffered,
        HostTools = new Dictionary<string, HostTool>(HostTools),
        Sessions = Sessions.ToOptions(),
        Heartbeat = Heartbeat.ToOptions(),
        Recycling = Recycling.ToOptions(),
        Limits = Limits.ToOptions(),
        CallTimeout = CallTimeout,
        StreamTimeout = StreamTimeout,
        CancelGrace = CancelGrace,
        AfterInterruption = AfterInterruption,
        StreamBuffer = StreamBuffer,
        MaxPayloadBytes = MaxPayloadBytes,
        QueueLimit = QueueLimit,
        QueueTimeout = QueueTimeout,
        DrainTimeout = DrainTimeout,
        TerminateTimeout = TerminateTimeout,
        Json = Json,
        LoggerFactory = loggerFactory,
        TimeProvider = timeProvider,
    };
}
