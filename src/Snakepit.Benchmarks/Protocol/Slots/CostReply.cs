namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>A reply that contains the mean cost of a call in the host process and in the workers. Every value is for one call.</summary>
internal abstract record CostReply : Reply
{
    /// <summary>CPU time of the host process, in microseconds per call.</summary>
    public double HostCpuUs { get => Get(); init => Set(value); }

    /// <summary>CPU time of the worker processes, in microseconds per call.</summary>
    public double WorkerCpuUs { get => Get(); init => Set(value); }

    /// <summary>Time for which threads of the workers were ready to run but had no processor, in microseconds per call.</summary>
    public double WorkerWaitUs { get => Get(); init => Set(value); }

    /// <summary>
    /// Number of times per call that a thread of a worker released its processor because it had to wait for a message, a lock or the GIL.
    /// </summary>
    public double WorkerSwitches { get => Get(); init => Set(value); }

    /// <summary>Time for which the caller waited for a free worker, in microseconds per call.</summary>
    public double QueuedUs { get => Get(); init => Set(value); }

    /// <summary>Memory that the host process allocated, in bytes per call.</summary>
    public double Bytes { get => Get(); init => Set(value); }

    /// <summary>Number of frames (protocol messages) per call that the pool and its workers exchanged, in both directions.</summary>
    public double Frames { get => Get(); init => Set(value); }

    /// <summary>Number of work items per call that the .NET thread pool of the host process ran.</summary>
    public double WorkItems { get => Get(); init => Set(value); }

    /// <summary>Number of times per call that a thread of the host process had to wait for a lock.</summary>
    public double Contentions { get => Get(); init => Set(value); }

    /// <summary>
    /// Number of methods per call that the just-in-time compiler of the host process compiled. A large number means that the process is
    /// still warming up.
    /// </summary>
    public double Compiled { get => Get(); init => Set(value); }
}
