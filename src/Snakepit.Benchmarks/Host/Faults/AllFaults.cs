namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// The faults that can be injected, by the names under which requests ask for them. A new fault must be added to this list.
/// </summary>
internal static class AllFaults
{
    private static readonly Dictionary<string, Func<double, InjectedFault>> Kinds = new()
    {
        [nameof(InjectedFault.None)] = _ => InjectedFault.None,
        [nameof(SlowService)] = amount => new SlowService(amount),
        [nameof(SlowTail)] = amount => new SlowTail(amount),
        [nameof(SlowPreparation)] = amount => new SlowPreparation(amount),
        [nameof(SlowWorkerStart)] = amount => new SlowWorkerStart(amount),
        [nameof(SlowCaller)] = amount => new SlowCaller(amount),
        [nameof(Crowding)] = amount => new Crowding(amount),
        [nameof(MoreAllocations)] = amount => new MoreAllocations(amount),
        [nameof(HostLeak)] = amount => new HostLeak(amount),
        [nameof(WorkerLeak)] = amount => new WorkerLeak(amount),
        [nameof(OneLock)] = _ => new OneLock(),
        [nameof(MissingWorker)] = _ => new MissingWorker(),
    };

    /// <summary>The names of all faults.</summary>
    public static IEnumerable<string> Names => Kinds.Keys;

    /// <summary>Creates a fault.</summary>
    /// <param name="kind">The name of the fault.</param>
    /// <param name="amount">The size of the fault, in the unit of its kind.</param>
    public static InjectedFault Create(string kind, double amount) => Kinds.TryGetValue(kind, out var create)
        ? create(amount)
        : throw new InvalidOperationException($"There is no fault '{kind}'; there are {string.Join(", ", Kinds.Keys)}.");
}
