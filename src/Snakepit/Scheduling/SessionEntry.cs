namespace Snakepit.Scheduling;

/// <summary>One session as the pool knows it. Changed by <see cref="AffinityTable"/> and <see cref="PoolState"/> alone.</summary>
internal sealed class SessionEntry(ulong id, string key, AffinityMode mode)
{
    /// <summary>Unlike its key never used twice.</summary>
    public ulong Id => id;

    public string Key => key;

    public AffinityMode Mode => mode;

    /// <summary>The worker that keeps its state; 0 before its first call and after a loss.</summary>
    public int Home;

    /// <summary>Calls that wait for a worker.</summary>
    public int Waiting;

    /// <summary>Calls that a worker runs, at home or elsewhere.</summary>
    public int Running;

    public TimeSpan LastUsed;

    /// <summary>Why its state was last lost; null if it never was.</summary>
    public SessionLoss? Loss;

    /// <summary>True once it takes no more calls: <see cref="Loss"/> tells why.</summary>
    public bool IsOver;
}
