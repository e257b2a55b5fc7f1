using System.Globalization;
using Snakepit.Benchmarks.Arms;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Profiles all hosts of a session.</summary>
/// <param name="samplers">Take the samples.</param>
/// <param name="directory">A folder for the files of the samplers. It is removed at the end.</param>
internal sealed class Profiler(IReadOnlyList<ISampler> samplers, string directory) : IAsyncDisposable
{
    private readonly List<ArmProfiler> _arms = [];
    private readonly List<string> _failures = [];

    /// <summary>Starts the samplers that work on this machine.</summary>
    /// <param name="directory">A folder for their files. It is created, and removed at the end.</param>
    public static Profiler Start(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new Profiler([TracerSampler.Start(), new PythonSampler()], directory);
        }
        catch (SamplingException exception)
        {
            var profiler = new Profiler([new PythonSampler()], directory);
            profiler._failures.Add($"the .NET side is not profiled: {exception.Message}");
            return profiler;
        }
    }

    /// <summary>Returns the observer of a host that is about to be started.</summary>
    public IArmObserver Observe(Side side, int round)
    {
        lock (_arms)
        {
            var folder = Path.Combine(directory, _arms.Count.ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(folder);
            var arm = new ArmProfiler(side, round, [.. samplers.Select(sampler => sampler.Prepare(folder))], Failed);
            _arms.Add(arm);
            return arm;
        }

        void Failed(string reason)
        {
            lock (_failures)
            {
                _failures.Add($"round {round}, {side.ToWord()}: {reason}");
            }
        }
    }

    /// <summary>Returns what was found. To be called when all hosts have ended.</summary>
    /// <param name="scenario">The name of the scenario.</param>
    /// <param name="metrics">The metrics that were measured.</param>
    public Explanation Explain(string scenario, IReadOnlyCollection<string> metrics)
    {
        var measured = MeasuredSlots.RequestsOf(_arms);
        var countsCalls = _arms.SelectMany(arm => arm.Slots).Where(slot => measured.Contains(slot.Request)).All(slot => slot.CountsCalls);
        return new Explanation(
            scenario,
            metrics,
            string.Join("; ", samplers.Select(sampler => sampler.Description)),
            MeasuredSlots.ProfilesOf(_arms),
            countsCalls ? "call" : "measurement")
        {
            Failures = [.. _failures],
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sampler in samplers)
        {
            await sampler.DisposeAsync();
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
