namespace Snakepit.Hosting;

/// <summary>
/// The settings of a pool that can stand in the configuration of the application. Each is an option of <see cref="SnakepitOptions"/>, which
/// tells its meaning and its default, except <see cref="Startup"/>.
/// </summary>
public class ConfigurableSettings
{
    /// <summary>
    /// What the start of the application does about a pool that is not ready, or cannot start. Default:
    /// <see cref="PoolStartup.Required"/>.
    /// </summary>
    public PoolStartup Startup { get; set; }

    /// <inheritdoc cref="SnakepitOptions.Adapter"/>
    public string Adapter { get; set; } = "";

    /// <inheritdoc cref="SnakepitOptions.Workers"/>
    public int Workers { get; set; } = System.Environment.ProcessorCount;

    /// <inheritdoc cref="SnakepitOptions.MaxConcurrentCallsPerWorker"/>
    public int MaxConcurrentCallsPerWorker { get; set; } = 1;

    /// <inheritdoc cref="SnakepitOptions.MinimumReadyWorkers"/>
    public int? MinimumReadyWorkers { get; set; }

    /// <inheritdoc cref="SnakepitOptions.WorkerStart"/>
    public WorkerStart WorkerStart { get; set; } = WorkerStart.Fork;

    /// <inheritdoc cref="SnakepitOptions.Transport"/>
    public WorkerTransport Transport { get; set; } = WorkerTransport.Grpc;

    /// <inheritdoc cref="SnakepitOptions.StartTimeout"/>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="SnakepitOptions.PythonPath"/>
    public string? PythonPath { get; set; }

    /// <inheritdoc cref="SnakepitOptions.Environment"/>
    public EnvironmentSettings Environment { get; } = new();

    /// <inheritdoc cref="SnakepitOptions.ModulePaths"/>
    public IList<string> ModulePaths { get; } = [];

    /// <inheritdoc cref="SnakepitOptions.EnvironmentVariables"/>
    public IDictionary<string, string> EnvironmentVariables { get; } = new Dictionary<string, string>();

    /// <inheritdoc cref="SnakepitOptions.BlasThreads"/>
    public int? BlasThreads { get; set; }

    /// <inheritdoc cref="SnakepitOptions.HashSeed"/>
    public long? HashSeed { get; set; }

    /// <inheritdoc cref="SnakepitOptions.Unbuffered"/>
    public bool Unbuffered { get; set; } = true;

    /// <inheritdoc cref="SnakepitOptions.Sessions"/>
    public SessionSettings Sessions { get; } = new();

    /// <inheritdoc cref="SnakepitOptions.Heartbeat"/>
    public HeartbeatSettings Heartbeat { get; } = new();

    /// <inheritdoc cref="SnakepitOptions.Recycling"/>
    public RecyclingSettings Recycling { get; } = new();

    /// <inheritdoc cref="SnakepitOptions.Limits"/>
    public LimitSettings Limits { get; } = new();

    /// <inheritdoc cref="SnakepitOptions.CallTimeout"/>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc cref="SnakepitOptions.StreamTimeout"/>
    public TimeSpan StreamTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <inheritdoc cref="SnakepitOptions.CancelGrace"/>
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="SnakepitOptions.AfterInterruption"/>
    public AfterInterruption AfterInterruption { get; set; } = AfterInterruption.ReplaceWorker;

    /// <inheritdoc cref="SnakepitOptions.StreamBuffer"/>
    public int StreamBuffer { get; set; } = 16;

    /// <inheritdoc cref="SnakepitOptions.MaxPayloadBytes"/>
    public int MaxPayloadBytes { get; set; } = 128 * 1024 * 1024;

    /// <inheritdoc cref="SnakepitOptions.QueueLimit"/>
    public int QueueLimit { get; set; } = 1_000;

    /// <inheritdoc cref="SnakepitOptions.QueueTimeout"/>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="SnakepitOptions.DrainTimeout"/>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="SnakepitOptions.TerminateTimeout"/>
    public TimeSpan TerminateTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
