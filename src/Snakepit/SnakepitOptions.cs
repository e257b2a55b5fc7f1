using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Snakepit.Diagnostics;

namespace Snakepit;

/// <summary>What a pool runs and within which limits. Immutable; checked once, when the pool or template starts.</summary>
public sealed record SnakepitOptions
{
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(10);

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

    /// <summary>A logger that may do what it likes.</summary>
    internal ILogger CreateLogger(string category) => new CautiousLogger(LoggerFactory.CreateLogger(category));

    /// <summary>Checks every value and combination, once, before anything starts.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Adapter);
        RequireGiven();
        Require(IsText(Adapter), nameof(Adapter), Adapter, "text without a NUL character");
        Require(Workers is >= 1 and <= 1024, nameof(Workers), Workers, "from 1 to 1,024");
        Require(MinimumReadyWorkers is null || (MinimumReadyWorkers >= 1 && MinimumReadyWorkers <= Workers),
            nameof(MinimumReadyWorkers), MinimumReadyWorkers, $"from 1 to {nameof(Workers)} ({Workers})");
        Require(MaxConcurrentCallsPerWorker is >= 1 and <= 1024, nameof(MaxConcurrentCallsPerWorker), MaxConcurrentCallsPerWorker, "from 1 to 1,024");
        Require(Enum.IsDefined(WorkerStart), nameof(WorkerStart), WorkerStart, "a defined value");
        Require(Enum.IsDefined(Transport), nameof(Transport), Transport, "a defined value");
        Require(StreamBuffer >= 1, nameof(StreamBuffer), StreamBuffer, "at least 1");
        Require(MaxPayloadBytes >= 1024, nameof(MaxPayloadBytes), MaxPayloadBytes, "at least 1,024");
        Require(MaxPayloadBytes <= 1024 * 1024 * 1024, nameof(MaxPayloadBytes), MaxPayloadBytes, "at most 1 GiB");
        Require(QueueLimit >= 0, nameof(QueueLimit), QueueLimit, "at least 0");
        RequireDuration(StartTimeout, nameof(StartTimeout), infinite: false);
        RequireDuration(CallTimeout, nameof(CallTimeout), infinite: true);
        RequireDuration(StreamTimeout, nameof(StreamTimeout), infinite: true);
        RequireDuration(CancelGrace, nameof(CancelGrace), infinite: false);
        RequireDuration(QueueTimeout, nameof(QueueTimeout), infinite: true);
        RequireDuration(DrainTimeout, nameof(DrainTimeout), infinite: false);
        RequireDuration(TerminateTimeout, nameof(TerminateTimeout), infinite: false);
        Require(BlasThreads is null or >= 1, nameof(BlasThreads), BlasThreads, "at least 1");
        Require(HashSeed is null or (>= 0 and <= uint.MaxValue), nameof(HashSeed), HashSeed, "from 0 to 4,294,967,295");
        ValidateNested();
    }

    private void RequireGiven()
    {
        ArgumentNullException.ThrowIfNull(ModulePaths);
        ArgumentNullException.ThrowIfNull(EnvironmentVariables);
        ArgumentNullException.ThrowIfNull(HostTools);
        ArgumentNullException.ThrowIfNull(Sessions);
        ArgumentNullException.ThrowIfNull(Heartbeat);
        ArgumentNullException.ThrowIfNull(Recycling);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private void ValidateNested()
    {
        const string Recycle = nameof(Recycling);
        Require(Sessions.Limit >= 1, $"{nameof(Sessions)}.{nameof(Sessions.Limit)}", Sessions.Limit, "at least 1");
        RequireDuration(Sessions.IdleTimeout, $"{nameof(Sessions)}.{nameof(Sessions.IdleTimeout)}", infinite: true);
        RequireDuration(Heartbeat.Interval, $"{nameof(Heartbeat)}.{nameof(Heartbeat.Interval)}", infinite: false);
        Require(Heartbeat.Interval >= ShortestHeartbeat, $"{nameof(Heartbeat)}.{nameof(Heartbeat.Interval)}", Heartbeat.Interval, "at least 10 ms");
        Require(Heartbeat.MaxMissed >= 1, $"{nameof(Heartbeat)}.{nameof(Heartbeat.MaxMissed)}", Heartbeat.MaxMissed, "at least 1");
        RequireDuration(Recycling.MaxAge, $"{Recycle}.{nameof(Recycling.MaxAge)}", infinite: true);
        Require(Recycling.MaxCalls is null or >= 1, $"{Recycle}.{nameof(Recycling.MaxCalls)}", Recycling.MaxCalls, "at least 1");
        Require(Recycling.MaxMemoryBytes is null or >= 1024 * 1024, $"{Recycle}.{nameof(Recycling.MaxMemoryBytes)}", Recycling.MaxMemoryBytes, "at least 1 MiB");
        Require(Recycling.Jitter is >= 0 and <= 0.9, $"{Recycle}.{nameof(Recycling.Jitter)}", Recycling.Jitter, "from 0 to 0.9");
        Require(HostTools.Keys.All(Name.IsValid), nameof(HostTools), string.Join(", ", HostTools.Keys), $"named by {Name.Rule}");
        Require(HostTools.Values.All(tool => tool is not null), nameof(HostTools), null, "given");
        // Python is told of directories by a variable that separates them.
        Require(ModulePaths.All(path => IsText(path) && !path.Contains(Path.PathSeparator, StringComparison.Ordinal)), nameof(ModulePaths),
            string.Join(", ", ModulePaths), $"paths without '{Path.PathSeparator}'");
        Require(EnvironmentVariables.All(variable => IsText(variable.Key) && !variable.Key.Contains('=', StringComparison.Ordinal)
            && variable.Value?.Contains('\0', StringComparison.Ordinal) == false), nameof(EnvironmentVariables),
            string.Join(", ", EnvironmentVariables.Keys), "named without '=', and free of NUL characters");
    }

    internal static void RequireDuration(TimeSpan value, string name, bool infinite)
    {
        // The longest that a timer takes.
        var fits = value > TimeSpan.Zero && value.TotalMilliseconds < uint.MaxValue - 1;
        Require(fits || (infinite && value == Timeout.InfiniteTimeSpan), name, value,
            infinite ? "positive, below 49 days, or Timeout.InfiniteTimeSpan" : "positive and below 49 days");
    }

    private static bool IsText(string? text) => !string.IsNullOrEmpty(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static void Require(bool condition, string name, object? value, string range)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SnakepitOptions)}.{name} must be {range}.");
        }
    }
}
