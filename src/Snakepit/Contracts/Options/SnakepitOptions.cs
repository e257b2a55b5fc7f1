using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Snakepit.Contracts.Options;

namespace Snakepit;

/// <summary>
/// Options of a pool or template: the adapter that it runs, and its sizes and limits. Options are immutable. They are checked when a pool
/// or template starts.
/// </summary>
public sealed record SnakepitOptions
{
    /// <summary>
    /// The Python adapter whose tools the workers offer: <c>package.module:Class</c>, or <c>package.module</c> for a module that contains
    /// one adapter class or <c>@tool</c> functions.
    /// </summary>
    public required string Adapter { get; init; }

    /// <summary>
    /// The name of the pool in metrics and traces: 1 to 1,024 bytes of UTF-8. If a pool with the same name is running in this program, a
    /// number is added, as in <c>embeddings-2</c>; <see cref="SnakepitPool.Name"/> tells the name with the number. Default: null, which
    /// means the same as <see cref="Adapter"/>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The number of workers that the pool keeps running, from 1 to 1,024. Default: one worker per processor.</summary>
    public int Workers { get; init; } = System.Environment.ProcessorCount;

    /// <summary>
    /// The number of calls that each worker runs at the same time, from 1 to 1,024. A number above 1 needs an adapter that declares
    /// <c>concurrent = True</c>. Synchronous tools then run on threads, and <c>async def</c> tools on an event loop. Default: 1.
    /// </summary>
    public int MaxConcurrentCallsPerWorker { get; init; } = 1;

    /// <summary>
    /// The number of workers that must be ready before <see cref="SnakepitPool.StartAsync"/> returns. The other workers go on starting in
    /// the background. Default: null, all workers.
    /// </summary>
    public int? MinimumReadyWorkers { get; init; }

    /// <summary>The way in which worker processes are started. Default: <see cref="WorkerStart.Fork"/>.</summary>
    public WorkerStart WorkerStart { get; init; } = WorkerStart.Fork;

    /// <summary>
    /// The transport that carries messages between this process and the workers. Default: <see cref="WorkerTransport.Grpc"/>.
    /// </summary>
    public WorkerTransport Transport { get; init; } = WorkerTransport.Grpc;

    /// <summary>
    /// Maximum duration of the import and preparation of the adapter, and separately of the start of each worker. Default: 30 s.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The Python interpreter, as a path or as a name to look up on PATH. Default: null. The pool then takes the first interpreter that it
    /// finds in this order: the environment variable SNAKEPIT_PYTHON, the active virtual environment, a <c>.venv</c> in or above the
    /// directory of the program or the working directory, and PATH.
    /// </summary>
    public string? PythonPath { get; init; }

    /// <summary>
    /// The Python environment of the workers, if it is to be made from a requirements file, or checked before the workers start. It cannot
    /// be given together with <see cref="PythonPath"/>. Default: null; the interpreter is then found as <see cref="PythonPath"/> says.
    /// </summary>
    public PythonEnvironment? Environment { get; init; }

    /// <summary>
    /// Directories that Python searches for modules before all other directories. Default: none. Only if no directory is given, Python
    /// searches the program's directory and the working directory too, after all other directories.
    /// </summary>
    public IReadOnlyList<string> ModulePaths { get; init; } = [];

    /// <summary>
    /// Environment variables of the workers, in addition to the variables of this process. A variable that is given here overrides one of
    /// the same name that another option sets. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The number of threads that numerical libraries (OpenBLAS, MKL, BLIS, NumExpr, vecLib, OpenMP) may use in each worker. With one
    /// worker per processor, more than one thread usually slows the libraries down. Default: null, which means 1 for every library whose
    /// own environment variable is not set in this process.
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

    /// <summary>
    /// Host tools, by name: .NET functions that Python tools may call with <c>ctx.host.call("name", argument=…)</c>. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, HostTool> HostTools { get; init; } = new Dictionary<string, HostTool>();

    /// <summary>Limits of the pool's sessions. Default: at most 10,000 sessions; a session ends when it is unused for an hour.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>
    /// Settings by which the pool detects workers that hang. Default: a ping every 2 s; a worker that misses 3 pings in a row is killed and
    /// replaced.
    /// </summary>
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>Limits at which healthy workers are replaced by fresh workers. Default: never.</summary>
    public RecyclingOptions Recycling { get; init; } = new();

    /// <summary>Limits that the kernel holds each worker to: memory, processor time, open files. Default: none.</summary>
    public WorkerLimitOptions Limits { get; init; } = new();

    /// <summary>
    /// Maximum duration of a call, counted from when a worker takes the call, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. When
    /// the time has passed, the caller gets a <see cref="CallTimeoutException"/>, and the tool is interrupted. Default: 60 s.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Maximum duration of a stream, from when a worker takes the call to the last chunk. Default: <see cref="Timeout.InfiniteTimeSpan"/>,
    /// no limit.
    /// </summary>
    public TimeSpan StreamTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// The time that a cancelled call may go on in Python before its worker is killed and replaced. The caller does not wait for the call
    /// to stop. What an async tool has left running in an executor, for example with asyncio.to_thread, counts as part of its call.
    /// Default: 2 s.
    /// </summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What becomes of a worker in which a cancelled call was interrupted at an arbitrary point of its code. Default:
    /// <see cref="AfterInterruption.ReplaceWorker"/>.
    /// </summary>
    public AfterInterruption AfterInterruption { get; init; } = AfterInterruption.ReplaceWorker;

    /// <summary>
    /// The number of chunks of a stream that may wait in .NET for their consumer. When as many chunks wait, the Python generator pauses. At
    /// least 1. Default: 16.
    /// </summary>
    public int StreamBuffer { get; init; } = 16;

    /// <summary>
    /// The maximum size of the arguments, of the result and of each chunk of a call, in bytes, from 1,024 bytes to 1 GiB. Arrays and bytes
    /// that travel in shared memory do not count; <see cref="SharedMemory.Limit"/> bounds them. Default: 128 MiB.
    /// </summary>
    public int MaxPayloadBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// The number of callers that may wait for a worker. Any further caller is refused at once with <see cref="PoolSaturatedException"/>.
    /// Default: 1,000.
    /// </summary>
    public int QueueLimit { get; init; } = 1_000;

    /// <summary>
    /// The time that a caller waits for a worker, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. When the time has passed, the
    /// caller gets a <see cref="QueueTimeoutException"/>. Default: 5 s.
    /// </summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time that the pool's disposal waits for running calls, and for <c>stop()</c> of the adapter, before it sends SIGTERM to their
    /// workers. Default: 5 s.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time that the pool's disposal waits after SIGTERM for a worker to exit before it sends SIGKILL. It is also the time that a
    /// worker whose calls have ended may take for its threads, its exit handlers and its open files, and for the programs that read from
    /// it. Default: 2 s.
    /// </summary>
    public TimeSpan TerminateTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The JSON options by which arguments are encoded and results are decoded. Default: null. Property names are then written in
    /// snake_case, which is usual in Python, and when they are read, upper and lower case count as equal. Overloads that take a
    /// <c>JsonTypeInfo</c> follow these options too, and not those of its context.
    /// </summary>
    public JsonSerializerOptions? Json { get; init; }

    /// <summary>
    /// The logger factory that receives the pool's log messages and every line that the workers print. Default: nothing is logged.
    /// </summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock that all timeouts use. Default: the clock of the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Returns all options that are missing or out of range; a start would be refused because of the first of them. It checks the options
    /// only, and does not look for files or for Python.
    /// </summary>
    public IReadOnlyList<OptionFault> FindFaults() => OptionValidators.FaultsOf(this);
}
