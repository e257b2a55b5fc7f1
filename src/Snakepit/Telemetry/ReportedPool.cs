using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Snakepit.Telemetry;

/// <summary>A pool of this process whose statistics the instruments read, until it is disposed.</summary>
internal sealed class ReportedPool : IDisposable
{
    private static ImmutableArray<ReportedPool> _alive = [];

    private readonly Func<PoolStatistics> _read;

    private ReportedPool(string name, int workers, Func<PoolStatistics> read, Func<int, long> memoryOf)
    {
        (Name, Workers, MemoryOf, _read) = (name, workers, memoryOf, read);
        Tag = new KeyValuePair<string, object?>(TagNames.PoolName, name);
    }

    /// <summary>The pools that are alive now.</summary>
    public static ImmutableArray<ReportedPool> Alive => _alive;

    /// <summary>The name of the pool, which no other pool has at the same time.</summary>
    public string Name { get; }

    /// <summary>The attribute with the name of the pool.</summary>
    public KeyValuePair<string, object?> Tag { get; }

    /// <summary>The number of workers that the pool keeps.</summary>
    public int Workers { get; }

    /// <summary>Returns the resident memory of a process, in bytes; 0 if the process has ended.</summary>
    public Func<int, long> MemoryOf { get; }

    /// <summary>A snapshot of the pool.</summary>
    public PoolStatistics Statistics => _read();

    /// <summary>
    /// Reports a pool from now on. If a pool with this name is reported already, a number is added to the name, because the sums of two
    /// pools would tell nothing about either.
    /// </summary>
    /// <param name="name">The name that the pool should have.</param>
    /// <param name="workers">The number of workers that the pool keeps.</param>
    /// <param name="read">Takes a snapshot of the pool.</param>
    /// <param name="memoryOf">Returns the resident memory of a process, in bytes; 0 if the process has ended.</param>
    public static ReportedPool Report(string name, int workers, Func<PoolStatistics> read, Func<int, long> memoryOf)
    {
        while (true)
        {
            var alive = _alive;
            var free = FreeName(name, alive);
            var pool = new ReportedPool(free, workers, read, memoryOf);
            if (ImmutableInterlocked.InterlockedCompareExchange(ref _alive, alive.Add(pool), alive) == alive)
            {
                return pool;
            }
        }
    }

    /// <summary>Returns a measurement of this pool.</summary>
    public Measurement<long> Of(long value) => new(value, Tag);

    /// <summary>Returns a measurement of this pool that has one more attribute.</summary>
    public Measurement<long> Of(long value, string attribute, string attributeValue) => new(value, Tag, new(attribute, attributeValue));

    public void Dispose() => ImmutableInterlocked.Update(ref _alive, static (alive, pool) => alive.Remove(pool), this);

    private static string FreeName(string name, ImmutableArray<ReportedPool> taken)
    {
        var free = name;
        for (var number = 2; taken.Any(pool => pool.Name == free); number++)
        {
            free = $"{name}-{number}";
        }

        return free;
    }
}
