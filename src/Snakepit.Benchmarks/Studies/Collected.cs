using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Studies;

/// <summary>Replies of slots that are run again and again in a round, by what they are replies of.</summary>
internal sealed class Collected
{
    private readonly Dictionary<string, List<SlotReply>> _replies = [];

    /// <summary>What was collected under a name, in order.</summary>
    /// <exception cref="KeyNotFoundException">Nothing was.</exception>
    public IReadOnlyCollection<SlotReply> this[string key] => _replies[key];

    public void Add(string key, SlotReply reply)
    {
        _replies.TryAdd(key, []);
        _replies[key].Add(reply);
    }

    /// <summary>Records the rate of all slots under the metric's name.</summary>
    public void RecordRate(Round round, Arm arm, string metric) => round.Record(arm, metric, Round.Rate(_replies[metric]));
}
