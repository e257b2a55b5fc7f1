using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Snakepit;

/// <summary>What a pool runs, and within which limits. Options are immutable. They are checked when a pool or template starts.</summary>
public sealed record SnakepitOptions
{
    /// <summary>
    /// The adapter to serve: <c>package.module:Class</c>, or <c>package.module</c> for the only adapter class in a module or for its
    /// <c>@tool</c> functions.
    /// </summary>
    public required string Adapter { get; init; }

    /// <summary>How many workers the pool keeps running, from 1 to 1,024. Default: one per processor.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many calls each worker runs at once, from 1 to 1,024. More than 1 needs an adapter that declares <c>concurrent = True</c>.
    /// Plain tools then run on threads, and <c>async def</c> tools on an event loop. Default: 1.
    /// </summary>
    public int MaxConcurrentCallsPerWorker { get; init; } = 1;

    /// <summary>
    /// How many workers must be ready before <see cref="SnakepitPool.StartAsync"/> returns. The others go on starting in the background.
    /// Default: null, all workers.
    /// </summary>
    public int? MinimumReadyWorkers { get; init; }

    /// <summary>How workers are started. Default: <see cref="WorkerStart.Fork"/>.</summary>
    public WorkerStart WorkerStart { get; init; } = WorkerStart.Fork;

    /// <summary>How messages travel between this process and the workers. Default: <see cref="WorkerTransport.Grpc"/>.</summary>
    public WorkerTransport Transport { get; init; } = WorkerTransport.Grpc;

    /// <summary>
    /// Maximum duration of the import and preparation of the adapter, and then of the start of each worker. Default: 30 s.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The Python interpreter, as a path or as a name to look up on PATH. Default: null, which takes the first of these: the environment
    /// variable SNAKEPIT_PYTHON, the active virtual environment, a <c>.venv</c> at or above the program or the working directory, and
    /// PATH.
    /// </summary>
    public string? PythonPath { get; init; }

    /// <summary>
    /// Directories that Python imports from before all others. Default: none. In that case the program's directory and the working
    /// directory are searched after all others.
    /// </summary>
    public IReadOnlyList<string> ModulePaths { get; init; } = [];

    /// <summary>
    /// Environment variables of the workers, in addition to those of this process. They override variables that other options set.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How many threads numerical libraries (OpenBLAS, MKL, BLIS, NumExpr, vecLib, OpenMP) may use in each worker. With one worker per
    /// processor, more than one thread usually slows them down. Default: null, which means 1 unless an environment variable of this
    /// process sets it.
    /// </summary>
    public int? BlasThreads { get; init; }

    /// <summary>
    /// The seed of Python's string hashes, from 0 to 4,294,967,295. With a fixed seed, sets iterate in the same order in every run.
    /// Default: null, a random seed, which all workers forked from one template share.
    /// </summary>
    public long? HashSeed { get; init; }

    /// <summary>
    /// Whether Python programs that tools start write their output without buffering (PYTHONUNBUFFERED). The workers themselves always
    /// write line by line. Default: true.
    /// </summary>
    public bool Unbuffered { get; init; } = true;

    /// <summary>.NET functions that tools may call: <c>ctx.host.call("name", argument=…)</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, HostTool> HostTools { get; init; } = new Dictionary<string, HostTool>();

    /// <summary>Limits of sessions. Default: at most 10,000 sessions; each ends when it is unused for an hour.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>
    /// How the pool detects workers that hang. Default: a ping every 2 s; a worker that misses 3 in a row is killed and replaced.
    /// </summary>
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>When healthy workers are replaced by fresh ones. Default: never.</summary>
    public RecyclingOptions Recycling { get; init; } = new();

    /// <summary>
    /// Maximum duration of a call, from when a worker takes it, or <see cref="Timeout.InfiniteTimeSpan"/>. After that the caller gets a
    /// <see cref="CallTimeoutException"/>, and the tool is interrupted. Default: 60 s.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Maximum duration of a stream, from when a worker takes it to its last chunk. Default: <see cref="Timeout.InfiniteTimeSpan"/>, no
    /// limit.
    /// </summary>
    public TimeSpan StreamTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a cancelled call may go on in Python before its worker is killed and replaced. The caller does not wait for this. Default:
    /// 2 s.
    /// </summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many chunks of a stream may wait in .NET for their consumer. Then the generator pauses. At least 1. Default: 16.
    /// </summary>
    public int StreamBuffer { get; init; } = 16;

    /// <summary>The largest arguments, result or chunk, in bytes of JSON, from 1,024 bytes to 1 GiB. Default: 128 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// How many callers may wait for a worker. One more is refused at once with <see cref="PoolSaturatedException"/>. Default: 1,000.
    /// </summary>
    public int QueueLimit { get; init; } = 1_000;

    /// <summary>
    /// How long a caller waits for a worker, or <see cref="Timeout.InfiniteTimeSpan"/>. After that it gets a
    /// <see cref="QueueTimeoutException"/>. Default: 5 s.
    /// </summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the pool's disposal waits for running calls before it sends their workers SIGTERM. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the pool's disposal waits after SIGTERM before it sends SIGKILL. Default: 2 s.</summary>
    public TimeSpan TerminateTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How arguments become JSON, and results become .NET values. Default: null, which writes property names in snake_case, as Python
    /// does, and ignores their case when reading.
    /// </summary>
    public JsonSerializerOptions? Json { get; init; }

    /// <summary>Where the pool logs, including what its workers print. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock that all timeouts use. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
