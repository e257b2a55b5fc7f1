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
        [nameof(SlowChunks)] = amount => new SlowChunks(amount),
        [nameof(SlowFirstChunk)] = amount => new SlowFirstChunk(amount),
        [nameof(SlowSessions)] = amount => new SlowSessions(amount),
        [nameof(WaitingSessions)] = amount => new WaitingSessions(amount),
        [nameof(SlowHostCalls)] = amount => new SlowHostCalls(amount),
        [nameof(WaitingHostCalls)] = amount => new WaitingHostCalls(amount),
        [nameof(SlowDirectFrames)] = amount => new SlowDirectFrames(amount),
        [nameof(SplitDirectFrames)] = _ => new SplitDirectFrames(),
        [nameof(RepeatedParsing)] = amount => new RepeatedParsing(amount),
        [nameof(CheckedArrays)] = amount => new CheckedArrays(amount),
        [nameof(ArraysInFrames)] = _ => new ArraysInFrames(),
        [nameof(SlowVectors)] = amount => new SlowVectors(amount),
        [nameof(WorseTraining)] = _ => new WorseTraining(),
        [nameof(PollingTemplate)] = amount => new PollingTemplate(amount),
        [nameof(PollingWorkers)] = amount => new PollingWorkers(amount),
        [nameof(LateEnd)] = amount => new LateEnd(amount),
        [nameof(LateRemoval)] = amount => new LateRemoval(amount),
        [nameof(SlowRefusals)] = amount => new SlowRefusals(amount),
        [nameof(SlowReasons)] = amount => new SlowReasons(amount),
        [nameof(LateExitReports)] = amount => new LateExitReports(amount),
        [nameof(StalledCalls)] = amount => new StalledCalls(amount),
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
