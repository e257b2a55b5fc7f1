namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Runs a pool of its own whose heartbeats come every 10 ms, and stops it again. It warms up the host for <see cref="IdleSlot"/>: the first
/// heartbeats of a process measure the just-in-time compiler, and the running pool has one only every 2 s.
/// </summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="Milliseconds">The time for which the pool runs.</param>
[SlotName("heartbeats")]
internal sealed record HeartbeatsSlot(int Workers, int Milliseconds) : Slot<EmptyReply>;

/// <summary>
/// Measures what the running pool costs while nobody calls it. It fails if the pool replaces a process meanwhile, whose counters are lost
/// then.
/// </summary>
/// <param name="Milliseconds">
/// The time for which nothing is done. A multiple of the interval of the heartbeats, so that as many of them are measured every time.
/// </param>
[SlotName("idle")]
internal sealed record IdleSlot(int Milliseconds) : Slot<IdleReply>;

/// <summary>A reply that says what an idle pool costs in each second.</summary>
internal sealed record IdleReply : Reply
{
    /// <summary>CPU time of the host process, in milliseconds per second.</summary>
    public double HostCpuMs { get => Get(); init => Set(value); }

    /// <summary>CPU time of the template, in milliseconds per second.</summary>
    public double TemplateCpuMs { get => Get(); init => Set(value); }

    /// <summary>CPU time of all workers together, in milliseconds per second.</summary>
    public double WorkersCpuMs { get => Get(); init => Set(value); }

    /// <summary>Number of times per second that a thread of the host process waited again after it had been woken.</summary>
    public double HostWakeUps { get => Get(); init => Set(value); }

    /// <summary>Number of times per second that a thread of the template waited again after it had been woken.</summary>
    public double TemplateWakeUps { get => Get(); init => Set(value); }

    /// <summary>Number of times per second that a thread of a worker waited again after it had been woken, of all workers together.</summary>
    public double WorkersWakeUps { get => Get(); init => Set(value); }
}
