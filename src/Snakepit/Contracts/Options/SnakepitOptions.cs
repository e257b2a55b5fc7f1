using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Snakepit;

/// <summary>What a pool runs and within which limits. Immutable; checked once, when the pool or template starts.</summary>
public sealed record SnakepitOptions
{
    /// <summary>
    /// The adapter to serve: <c>package.module:Class</c>, or <c>package.module</c> for its one adapter class or its
    /// <c>@tool</c> functions.
    /// </summary>
    public required string Adapter { get; init; }

    /// <summary>How many workers the pool keeps running. Default: one per processor.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many calls each worker takes at once. More than 1 needs an adapter that declares <c>concurrent = True</c>: plain tools then run on
    /// threads, <c>async def</c> tools on an event loop. Default: 1.
    /// </summary>
    public int MaxConcurrentCallsPerWorker { get; init; } = 1;

    /// <summary>
    /// How many workers must be ready before <see cref="SnakepitPool.StartAsync"/> returns; the others follow in the
    /// background. Default: null, all of them.
    /// </summary>
    public int? MinimumReadyWorkers { get; init; }

    /// <summary>How workers are started. Default: <see cref="WorkerStart.Fork"/>.</summary>
    public WorkerStart WorkerStart { get; init; } = WorkerStart.Fork;

    /// <summary>How calls reach workers. Default: <see cref="WorkerTransport.Grpc"/>.</summary>
    public WorkerTransport Transport { get; init; } = WorkerTransport.Grpc;

    /// <summary>
    /// How long importing and preparing the adapter may take, and after that the start of each worker. Default: 30 s.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The Python interpreter. Default: null, which looks at the variable SNAKEPIT_PYTHON, the active virtual
    /// environment, a <c>.venv</c> at or above the program or the working directory, and PATH, in this order.
    /// </summary>
    public string? PythonPath { get; init; }

    /// <summary>
    /// Directories that Python imports from, ahead of all others. Default: none, and then the program's directory and
    /// the working directory are searched last.
    /// </summary>
    public IReadOnlyList<string> ModulePaths { get; init; } = [];

    /// <summary>Variables to set for the workers, beside those of this process; they win over what other options set. Default: none.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How many threads BLAS and OpenMP libraries (OpenBLAS, MKL, BLIS, NumExpr, vecLib, OpenMP) may use in each worker: with one worker per
    /// processor, more only get in each other's way. Default: null, which means 1 unless this process's own environment says otherwise.
    /// </summary>
    public int? BlasThreads { get; init; }

    /// <summary>
    /// The seed of Python's string hashes, for sets and dictionaries that iterate in the same order in every run; 0 to 4,294,967,295. Default:
    /// null, a random one (which all workers forked from one template share).
    /// </summary>
    public long? HashSeed { get; init; }

    /// <summary>
    /// Whether Python programs that tools start write their output without buffering (PYTHONUNBUFFERED); workers themselves write line by line
    /// always. Default: true.
    /// </summary>
    public bool Unbuffered { get; init; } = true;

    /// <summary>Functions of this program that tools may call: <c>ctx.host.call("name", argument=…)</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, HostTool> HostTools { get; init; } = new Dictionary<string, HostTool>();

    /// <summary>Limits of sessions. Default: 10,000 at most, each ends when it is not used for an hour.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>How idle workers are looked after. Default: a ping every 2 s, 3 missed ones cost the worker its life.</summary>
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>When workers are replaced although nothing is wrong with them. Default: never.</summary>
    public RecyclingOptions Recycling { get; init; } = new();

    /// <summary>How long a call may run once a worker has taken it, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 60 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stream may take from its first worker's turn to its last chunk. Default: without limit.</summary>
    public TimeSpan StreamTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a cancelled call may go on in Python before its worker is killed and replaced. Its caller does not wait
    /// for that. Default: 2 s.
    /// </summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many chunks of a stream wait in .NET for their consumer before the generator pauses. Default: 16.</summary>
    public int StreamBuffer { get; init; } = 16;

    /// <summary>The largest arguments, result or chunk, in bytes of JSON. Default: 128 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How many callers may wait for a worker; one more is refused at once. Default: 1,000.</summary>
    public int QueueLimit { get; init; } = 1_000;

    /// <summary>How long a caller waits for a worker, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 5 s.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long disposal waits for running calls before it ends their workers by SIGTERM. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long disposal waits after SIGTERM before it sends SIGKILL. Default: 2 s.</summary>
    public TimeSpan TerminateTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How arguments become JSON and results become .NET values. Default: null, which writes and reads property names in
    /// snake_case, as Python does, and ignores case when reading.
    /// </summary>
    public JsonSerializerOptions? Json { get; init; }

    /// <summary>Where the pool logs, the workers' output included. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock behind every timeout. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
