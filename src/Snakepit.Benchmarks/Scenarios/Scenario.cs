using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Something worth measuring: what it yields, and how one independent round of it is done.</summary>
internal abstract class Scenario : IAsyncDisposable
{
    public const string ShowcaseAdapter = "snakepit_worker.adapters.showcase";

    private readonly Stack<IAsyncDisposable> _owned = new();

    public abstract string Name { get; }

    public abstract string Description { get; }

    /// <summary>What every round records, in the order of reports.</summary>
    public abstract IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Starts what all rounds share.</summary>
    public virtual Task SetUpAsync() => Task.CompletedTask;

    /// <summary>Measures every metric once.</summary>
    public abstract Task MeasureAsync(Round round);

    /// <summary>Ends what <see cref="SetUpAsync"/> has started, the last first.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }
    }

    /// <summary>Has something disposed with the scenario.</summary>
    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    /// <summary>Every scenario, in the order in which they are run and listed.</summary>
    public static IReadOnlyList<Func<Scenario>> All { get; } =
    [
        () => new StartupScenario(), () => new ThroughputScenario(), () => new LatencyScenario(), () => new ScalingScenario(),
        () => new RecoveryScenario(),
    ];
}

/// <summary>One round: its random choices and what it recorded.</summary>
/// <param name="random">The source of every choice in it.</param>
internal sealed class Round(Random random)
{
    private readonly Dictionary<string, double> _values = [];

    public Random Random => random;

    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Records a metric; each once a round.</summary>
    public void Record(string key, double value) => _values.Add(key, value);

    /// <summary>What has been recorded already.</summary>
    public double this[string key] => _values[key];

    /// <summary>Runs parts of the round in random order, so that none profits from its place.</summary>
    public async Task InAnyOrderAsync(params Func<Task>[] parts)
    {
        random.Shuffle(parts);
        foreach (var part in parts)
        {
            await part();
        }
    }
}

/// <summary>A measurement that cannot be used, because calls failed.</summary>
internal sealed class ScenarioFailedException(string message, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>Errors are failures, not calls: one is enough.</summary>
    public static void ThrowIfAny(long errors, Exception? first, string during)
    {
        if (errors > 0)
        {
            throw new ScenarioFailedException($"{errors} calls failed during {during}; the first: {first?.Message}", first);
        }
    }
}
