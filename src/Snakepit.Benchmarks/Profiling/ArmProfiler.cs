using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Profiles one host: takes samples of its processes, and notes when it ran which slot.</summary>
/// <param name="side">The side of the host.</param>
/// <param name="round">The number of the round.</param>
/// <param name="samplings">What takes the samples.</param>
/// <param name="failed">Called if samples are lost, with the reason.</param>
internal sealed class ArmProfiler(Side side, int round, IReadOnlyList<ISampling> samplings, Action<string> failed) : IArmObserver
{
    private readonly List<ProfiledSlot> _slots = [];
    private readonly List<TimedSample> _samples = [];
    private readonly List<ISampling> _begun = [];

    public Side Side => side;

    public int Round => round;

    /// <summary>The slots that the host has run, in their order.</summary>
    public IReadOnlyList<ProfiledSlot> Slots => _slots;

    /// <summary>The samples. There are none before the host has ended.</summary>
    public IReadOnlyList<TimedSample> Samples => _samples;

    public void SetUp(IDictionary<string, string?> environment)
    {
        foreach (var sampling in samplings)
        {
            sampling.SetUp(environment);
        }
    }

    public async Task StartedAsync(int processId)
    {
        foreach (var sampling in samplings)
        {
            try
            {
                await sampling.BeginAsync(processId);
                _begun.Add(sampling);
            }
            catch (SamplingException exception)
            {
                failed(exception.Message); // the others may work all the same
            }
        }
    }

    public void Ran(Slot slot, Reply reply, long began, long ended) => _slots.Add(new ProfiledSlot(slot, reply, began, ended));

    public async Task EndingAsync()
    {
        ISampling[] begun = [.. _begun];
        _begun.Clear(); // a host may be ended twice
        foreach (var sampling in begun)
        {
            try
            {
                _samples.AddRange(await sampling.EndAsync());
            }
            catch (SamplingException exception)
            {
                failed(exception.Message);
            }
        }
    }
}

/// <summary>A slot that a profiled host has run.</summary>
/// <param name="Slot">The slot with its parameters.</param>
/// <param name="Reply">What it has measured.</param>
/// <param name="Began">When it began, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">When it had ended.</param>
internal sealed record ProfiledSlot(Slot Slot, Reply Reply, long Began, long Ended)
{
    private const string CallsValue = "calls";

    /// <summary>The name and the parameters of the slot, as on the wire.</summary>
    public string Request { get; } = SlotRequest.Line(0, Slot);

    /// <summary>How many calls it has made, if its reply tells that; otherwise 1, and its costs are those of one run of the slot.</summary>
    public double Work => Reply.Values.GetValueOrDefault(CallsValue, 1);

    /// <summary>True if its reply tells how many calls it has made.</summary>
    public bool CountsCalls => Reply.Values.ContainsKey(CallsValue);
}
