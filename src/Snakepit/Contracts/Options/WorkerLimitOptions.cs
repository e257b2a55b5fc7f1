using System.Collections.Immutable;

namespace Snakepit;

/// <summary>
/// Limits that the kernel holds each worker to, so that one tool cannot take what other programs need. They apply from just before the
/// adapter's <c>start()</c>, and to the programs that tools start, each for itself. The template is not limited: its import and
/// <c>prepare()</c> may take what they need.
/// </summary>
/// <remarks>
/// A limit that a worker cannot get or cannot start with fails the start of the pool with <see cref="SystemLimitException"/>, which names
/// the limit and both figures.
/// </remarks>
public sealed record WorkerLimitOptions
{
    /// <summary>
    /// The memory for data of a worker, in bytes, at least 16 MiB (RLIMIT_DATA). It counts what the worker has allocated, the stacks of its
    /// threads, and what it has inherited from the template; it does not count shared memory in which arrays travel, code, or files that
    /// are mapped. A tool that needs more gets a <c>MemoryError</c>, which its caller gets as a <see cref="PythonException"/>. Default:
    /// null, no limit.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>
    /// The processor time that a worker may use in its whole life, of all its threads together, at least 1 s; it is rounded up to whole
    /// seconds (RLIMIT_CPU). The kernel then ends the worker with SIGXCPU. Its calls end with <see cref="WorkerLostException"/>, which
    /// names the signal, and the worker is replaced. For a limit of one call, see <see cref="SnakepitOptions.CallTimeout"/>. Default: null,
    /// no limit.
    /// </summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>
    /// The number of files and sockets that a worker may have open at a time, at least 32 (RLIMIT_NOFILE). A tool that needs more gets an
    /// <c>OSError</c>. Default: null, the limit of this process.
    /// </summary>
    public int? OpenFiles { get; init; }

    /// <summary>
    /// The nice level of a worker, from -20, which the kernel prefers to other processes, to 19. A level below that of this process needs
    /// privileges. Default: null, the level of this process.
    /// </summary>
    public int? NiceLevel { get; init; }

    /// <summary>
    /// The permissions that files and directories which a worker makes do not get (umask). It cannot take permissions from the user that
    /// the worker runs as, because the worker makes a socket. Default: null, the umask of this process.
    /// </summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>
    /// The absolute path of a control group (cgroup v2) that is delegated to this program. Each worker gets a group of its own below it,
    /// with the limits in <see cref="CgroupSettings"/>, which hold for the worker and all programs that its tools start together. The
    /// worker's group is removed after its end. Default: null, the group of this process.
    /// </summary>
    public string? Cgroup { get; init; }

    /// <summary>
    /// What is written into the files of each worker's control group, by the names of the files: <c>memory.max</c>, <c>cpu.max</c>,
    /// <c>pids.max</c> and others that the kernel has. Needs <see cref="Cgroup"/>. Default: empty.
    /// </summary>
    public IReadOnlyDictionary<string, string> CgroupSettings { get; init; } = ImmutableDictionary<string, string>.Empty;
}
