using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// A round measures a scenario once on both sides, and is one observation for the statistics. It has a fresh host on each side, runs slots
/// (requests for short measurements) on the two sides in turns, and records one value of each metric for each side. Every order is drawn
/// from the random numbers of the round.
/// </summary>
/// <remarks>
/// The host of one side, usually the pin's, may be older than a slot. That side then drops out of the current part of the round, or,
/// outside of a part (<see cref="PartAsync"/>), of the rest of the round. The other side continues alone. A metric that only one side has
/// recorded is not comparable.
/// </remarks>
internal sealed class Round
{
    // Slow measurements that are reported but not judged are made only in every fourth round.
    private const int RareEvery = 4;

    private readonly Arm[] _arms;
    private readonly Action<SlotRecord> _log;
    private readonly Func<Side, Task<Arm>> _fresh;
    private readonly IReadOnlySet<string> _wanted;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<Side, Dictionary<string, double>> _values = [];
    private readonly Dictionary<string, string> _unreadable = [];
    private readonly SortedSet<string> _unknownSlots = [];
    private readonly HashSet<Side> _out = [];

    /// <param name="number">The number of the round, starting from 1.</param>
    /// <param name="arms">The hosts of the two sides; only the candidate's if there is no pin.</param>
    /// <param name="random">The source of every random choice.</param>
    /// <param name="wanted">The names of the metrics that the round must measure.</param>
    /// <param name="fresh">Starts an additional host of a side.</param>
    /// <param name="log">Receives every slot with its reply, for the raw data.</param>
    /// <param name="cancellationToken">Cancels the round.</param>
    public Round(
        int number,
        IReadOnlyList<Arm> arms,
        Random random,
        IReadOnlySet<string> wanted,
        Func<Side, Task<Arm>> fresh,
        Action<SlotRecord> log,
        CancellationToken cancellationToken)
    {
        IsRare = number % RareEvery == 1;
        (_arms, Random, _wanted, _fresh, _log, _cancellationToken) = ([.. arms], random, wanted, fresh, log, cancellationToken);
        foreach (var arm in arms)
        {
            _values[arm.Side] = [];
        }
    }

    public Random Random { get; }

    /// <summary>
    /// True in the first round and in every fourth round after it. Scenarios then also make measurements that take long and are reported
    /// but not judged.
    /// </summary>
    public bool IsRare { get; }

    /// <summary>
    /// Returns true if the round must measure at least one of the metrics. A metric that already has a verdict need not be measured again,
    /// but it may be.
    /// </summary>
    public bool Wants(params IEnumerable<Reading> readings) => readings.Any(reading => _wanted.Contains(reading.Key));

    /// <summary>Returns the values that were recorded for a side, by the name of the metric.</summary>
    public IReadOnlyDictionary<string, double> Of(Side side) => _values[side];

    /// <summary>
    /// Records the value of a metric for the side of an arm (a host of one side). Each metric is recorded at most once in a round.
    /// </summary>
    public void Record(Arm arm, string key, double value) => _values[arm.Side].Add(key, value);

    /// <summary>
    /// Computes metrics from what slots measured on an arm, and records them. A metric is left out if the host is too old to send a value
    /// that the metric needs. On the pin's arm, metrics that are recorded only for the candidate are left out, too.
    /// </summary>
    public void Record<T>(Arm arm, IEnumerable<Reading<T>> readings, T measured)
    {
        foreach (var reading in readings.Where(reading => arm.Side == Side.Candidate || !reading.IsCandidateOnly))
        {
            try
            {
                Record(arm, reading.Key, reading.Read(measured));
            }
            catch (ValueNotSentException exception)
            {
                _unreadable[reading.Key] = $"the host of the {arm.Side.ToWord()} {exception.Message}";
            }
        }
    }

    /// <summary>
    /// Returns why only one side has a value of a metric, if the host of the other side is too old to measure it; otherwise null.
    /// </summary>
    public string? WhyNotComparable(string key) =>
        _values.Values.Count(values => values.ContainsKey(key)) != 1 || _values.Count == 1 ? null
        : _unreadable.TryGetValue(key, out var reason) ? reason
        : _unknownSlots.Count > 0 ? string.Join(" and ", _unknownSlots)
        : null;

    /// <summary>Runs <paramref name="part"/> on both sides, one after the other. Which side comes first is random.</summary>
    public async Task EachAsync(Func<Arm, Task> part)
    {
        Random.Shuffle(_arms);
        await EachInOrderAsync(part);
    }

    /// <summary>
    /// Runs <paramref name="part"/> <paramref name="times"/> times on each side, in pairs. The order of a pair is drawn at random, and the
    /// next pair has the reverse order: ABBA, BAAB, and so on. A machine that becomes steadily slower then favours neither side, and a
    /// burst of noise affects both sides alike if the parts are short.
    /// </summary>
    public async Task InTurnsAsync(int times, Func<Arm, Task> part)
    {
        for (var i = 0; i < times; i++)
        {
            if (i % 2 == 0)
            {
                Random.Shuffle(_arms);
            }
            else
            {
                Array.Reverse(_arms);
            }

            await EachInOrderAsync(part);
        }
    }

    /// <summary>
    /// Does the same as <see cref="EachAsync"/>, but in an additional host of each side, which is started before the part and ended after
    /// it.
    /// </summary>
    public Task EachFreshAsync(Func<Arm, Task> part) => EachAsync(async arm =>
    {
        await using var fresh = await _fresh(arm.Side);
        await part(fresh);
    });

    /// <summary>
    /// Runs independent parts in random order, so that no part always has the advantage of coming first or last. A side that drops out of
    /// one part takes part in the next one again.
    /// </summary>
    public async Task InAnyOrderAsync(params Func<Task>[] parts)
    {
        Random.Shuffle(parts);
        foreach (var part in parts)
        {
            await PartAsync(part);
        }
    }

    /// <summary>
    /// Runs a part on which nothing later depends. A side that drops out of the part therefore takes part again in what follows.
    /// </summary>
    public async Task PartAsync(Func<Task> part)
    {
        Side[] before = [.. _out];
        await part();
        _out.IntersectWith(before);
    }

    /// <summary>Runs a slot on an arm (a host of one side) and logs the reply.</summary>
    /// <exception cref="ArmLostException">The host has ended, does not respond, or reports that the slot failed.</exception>
    /// <exception cref="SlotUnknownException">
    /// The host is older than this slot and does not have it. Methods that run a part on each side catch this exception.
    /// </exception>
    public async Task<TReply> RunAsync<TReply>(Arm arm, Slot<TReply> slot)
        where TReply : Reply, new()
    {
        var began = TimeProvider.System.GetTimestamp();
        var reply = await arm.RunAsync(slot, _cancellationToken);
        _log(new SlotRecord(arm.Side, slot, reply, TimeProvider.System.GetElapsedTime(began)));
        return reply;
    }

    /// <summary>Runs the same slot on the hosts of both sides at the same time.</summary>
    public Task<IReadOnlyList<(Arm Arm, TReply Reply)>> TogetherAsync<TReply>(Slot<TReply> slot)
        where TReply : Reply, new() => TogetherAsync(_ => slot);

    /// <summary>Runs a slot on the host of each side at the same time. The slots of the sides may differ.</summary>
    public async Task<IReadOnlyList<(Arm Arm, TReply Reply)>> TogetherAsync<TReply>(Func<Arm, Slot<TReply>> slot)
        where TReply : Reply, new()
    {
        var replies = new TReply?[_arms.Length];
        await Task.WhenAll(_arms.Select((arm, i) => TryAsync(arm, async () => replies[i] = await RunAsync(arm, slot(arm)))));
        return [.. _arms.Zip(replies).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
    }

    /// <summary>Runs a slot <paramref name="times"/> times on each side in turns, and returns the replies of each arm.</summary>
    public Task<Dictionary<Arm, List<TReply>>> RepliesAsync<TReply>(int times, Slot<TReply> slot)
        where TReply : Reply, new() => RepliesAsync(times, arm => RunAsync(arm, slot));

    /// <summary>Measures something <paramref name="times"/> times on each side in turns, and returns the results of each arm.</summary>
    public async Task<Dictionary<Arm, List<T>>> RepliesAsync<T>(int times, Func<Arm, Task<T>> part)
    {
        var replies = _arms.ToDictionary(arm => arm, _ => new List<T>());
        await InTurnsAsync(times, async arm => replies[arm].Add(await part(arm)));
        return replies.Where(pair => !_out.Contains(pair.Key.Side)).ToDictionary();
    }

    /// <summary>Runs a slot once on each side if the round must measure at least one of the metrics, and records nothing.</summary>
    public Task WarmUpAsync<TReply>(Slot<TReply> slot, params IEnumerable<Reading> readings)
        where TReply : Reply, new() => Wants(readings) ? EachAsync(arm => RunAsync(arm, slot)) : Task.CompletedTask;

    /// <summary>
    /// Runs a slot <paramref name="times"/> times on each side in turns, and records metrics that are computed from all its replies. Does
    /// nothing if the round need not measure any of them.
    /// </summary>
    public Task RecordAsync<TReply>(int times, Slot<TReply> slot, IEnumerable<Reading<List<TReply>>> readings)
        where TReply : Reply, new() => RecordAsync(times, arm => RunAsync(arm, slot), readings);

    /// <summary>
    /// Measures something <paramref name="times"/> times on each side in turns, and records metrics that are computed from all results.
    /// Does nothing if the round need not measure any of them.
    /// </summary>
    public async Task RecordAsync<T>(int times, Func<Arm, Task<T>> part, IEnumerable<Reading<List<T>>> readings)
    {
        if (!Wants(readings))
        {
            return;
        }

        foreach (var (arm, measured) in await RepliesAsync(times, part))
        {
            Record(arm, readings, measured);
        }
    }

    private async Task EachInOrderAsync(Func<Arm, Task> part)
    {
        foreach (var arm in _arms.ToArray())
        {
            await TryAsync(arm, () => part(arm));
        }
    }

    private async Task TryAsync(Arm arm, Func<Task> part)
    {
        if (_out.Contains(arm.Side))
        {
            return;
        }

        try
        {
            await part();
        }
        catch (SlotUnknownException exception)
        {
            _out.Add(arm.Side);
            _unknownSlots.Add($"the host of the {arm.Side.ToWord()} {exception.Message}");
        }
    }
}
