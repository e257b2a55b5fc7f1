namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Starts a pool, disposes it, and measures how long the disposal takes. Fails if a process of the pool is left then.
/// </summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="Busy">The number of workers that run a call when the pool is disposed, which does not wait for the end of these calls.</param>
[SlotName("cleanup.dispose")]
internal sealed record DisposalSlot(int Workers, int Busy = 0) : Slot<DurationReply>;

/// <summary>
/// Starts another host with a pool, kills that host with SIGKILL, and measures the time until nothing of it is left: no process, and no
/// file or socket in its temporary directory. Fails if a process maps its shared memory then.
/// </summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="Busy">The number of workers that run a call when the host is killed. Each of them reads the host's shared memory.</param>
[SlotName("cleanup.kill")]
internal sealed record HostKillSlot(int Workers, int Busy) : Slot<HostKillReply>;

/// <summary>A reply that says how soon nothing was left of a host that was killed.</summary>
internal sealed record HostKillReply : Reply
{
    /// <summary>The time from SIGKILL until all processes had ended and all files were removed, in milliseconds.</summary>
    public double Ms { get => Get(); init => Set(value); }

    /// <summary>The time from SIGKILL until all processes had ended, in milliseconds.</summary>
    public double ProcessesMs { get => Get(); init => Set(value); }
}

/// <summary>
/// Begins calls that do not end, with an array in shared memory. What <see cref="HostKillSlot"/> asks the host that it will kill. Needs the
/// pool of <see cref="StartToolsSlot"/>.
/// </summary>
/// <param name="Busy">The number of calls.</param>
[SlotName("cleanup.hold")]
internal sealed record HoldSlot(int Busy) : Slot<HeldReply>;

/// <summary>A reply whose samples are the process ids of the template and the workers of a pool.</summary>
internal sealed record HeldReply : Reply;
