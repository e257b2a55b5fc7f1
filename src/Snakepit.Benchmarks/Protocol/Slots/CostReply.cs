namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>What each call cost in the host process and in the workers.</summary>
internal abstract record CostReply : Reply
{
    /// <summary>CPU time of the host process, microseconds.</summary>
    public double HostCpuUs { get => Get(); init => Set(value); }

    /// <summary>CPU time of the worker processes, microseconds.</summary>
    public double WorkerCpuUs { get => Get(); init => Set(value); }

    /// <summary>How long threads of the workers were ready to run and had no processor, microseconds.</summary>
    public double WorkerWaitUs { get => Get(); init => Set(value); }

    /// <summary>How often threads of the workers gave up a processor because they had to wait: for a frame, a lock, the GIL.</summary>
    public double WorkerSwitches { get => Get(); init => Set(value); }

    /// <summary>How long the caller waited for a worker, microseconds.</summary>
    public double QueuedUs { get => Get(); init => Set(value); }

    /// <summary>Bytes that the host process allocated.</summary>
    public double Bytes { get => Get(); init => Set(value); }

    /// <summary>Frames that the pool and its workers exchanged, both ways.</summary>
    public double Frames { get => Get(); init => Set(value); }

    /// <summary>Items that the thread pool of the host process ran.</summary>
    public double WorkItems { get => Get(); init => Set(value); }

    /// <summary>How often a thread of the host process had to wait for a lock.</summary>
    public double Contentions { get => Get(); init => Set(value); }

    /// <summary>Methods that the just-in-time compiler of the host process compiled: many say that it is still warming up.</summary>
    public double Compiled { get => Get(); init => Set(value); }
}
