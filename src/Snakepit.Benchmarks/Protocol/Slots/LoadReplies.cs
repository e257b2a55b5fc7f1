namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>How many calls were made, and how fast.</summary>
internal interface IRate
{
    /// <summary>Calls, or chunks, a second.</summary>
    double Rate { get; }

    /// <summary>How many calls, or chunks.</summary>
    double Calls { get; }
}

/// <summary>How fast calls were.</summary>
internal sealed record RateReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }
}

/// <summary>How long each call took, in microseconds and smallest first.</summary>
internal sealed record TimesReply : Reply;

/// <summary>What a loop of calls reached, and what each call cost.</summary>
internal sealed record LoopReply : CostReply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }
}

/// <summary>
/// How long each call of an open loop took from its intended start, in microseconds and in the order of the schedule, and what it cost.
/// </summary>
internal sealed record OpenLoopReply : CostReply
{
    /// <summary>The 99th percentile of how late the load generator itself started calls, milliseconds.</summary>
    public double LatenessP99Ms { get => Get(); init => Set(value); }
}

/// <summary>How soon a lost worker is noticed and replaced, medians.</summary>
internal sealed record RecoveryReply : Reply
{
    /// <summary>Milliseconds until the caller is told.</summary>
    public double NoticedMs { get => Get(); init => Set(value); }

    /// <summary>Milliseconds until all workers are idle again.</summary>
    public double ReplacedMs { get => Get(); init => Set(value); }
}
