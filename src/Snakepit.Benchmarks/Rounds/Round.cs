using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// One round, which is one observation for the statistics: a fresh host on each side, slots in turns, and one value of each metric and
/// side. Every order in it is drawn from the round's random numbers.
/// </summary>
/// <remarks>
/// The host of one side, usually the pin's, may be older than a slot. Then that side drops out of the current part of the round, or outside
/// of a part (<see cref="PartAsync"/>) of the rest of the round. The other side goes on alone, and what only one side has recorded is not
/// comparable.
/// </remarks>
internal sealed class Round
{
    // Slow measurements that are reported and not judged are made in one round of four.
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

    /// <param name="number">From 1.</param>
    /// <param name="arms">The sides; the candidate alone if there is no pin.</param>
    /// <param name="random">The source of every choice.</param>
    /// <param name="wanted">The names of the metrics that the round is for.</param>
    /// <param name="fresh">Starts one more host of a side.</param>
    /// <param name="log">Gets every slot with its reply.</param>
    /// <param name="cancellationToken">Ends the round.</param>
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

    /// <summary>True in the first round and in every fourth one after it: for what takes long, and is reported but not judged.</summary>
    public bool IsRare { get; }

    /// <summary>
    /// True if one of these metrics is still wanted. A metric that is decided need not be measured further, but it may be.
    /// </summary>
    public bool Wants(params IEnumerable<Reading> readings) => readings.Any(reading => _wanted.Contains(reading.Key));

    /// <summary>The values that were recorded for a side, by metric.</summary>
    public IReadOnlyDictionary<string, double> Of(Side side) => _values[side];

    /// <summary>Records the value of a metric for an arm, once a round.</summary>
    public void Record(Arm arm, string key, double value) => _values[arm.Side].Add(key, value);

    /// <summary>
    /// Reads metrics from what slots measured on an arm, and records them, except those that rest on a value that an older host did not
    /// send.
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
    /// Why only one side has a value of a metric, if the host of the other side is too old to measure it; otherwise null.
    /// </summary>
    public string? WhyNotComparable(string key) =>
        _values.Values.Count(values => values.ContainsKey(key)) != 1 || _values.Count == 1 ? null
        : _unreadable.TryGetValue(key, out var reason) ? reason
        : _unknownSlots.Count > 0 ? string.Join(" and ", _unknownSlots)
        : null;

    /// <summary>Does something on both sides, one after the other. Which side is first is drawn.</summary>
    public async Task EachAsync(Func<Arm, Task> part)
    {
        Random.Shuffle(_arms);
        await EachInOrderAsync(part);
    }

    /// <summary>
    /// Does something <paramref name="times"/> times on each side, in pairs whose order is drawn and then reversed: ABBA, BAAB, and so on.
    /// A machine that becomes steadily slower favours neither side then, and a burst of noise hits both alike if the parts are short.
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

    /// <summary>As <see cref="EachAsync"/>, but in one more host of each side, which is started before and ended afterwards.</summary>
    public Task EachFreshAsync(Func<Arm, Task> part) => EachAsync(async arm =>
    {
        await using var fresh = await _fresh(arm.Side);
        await part(fresh);
    });

    /// <summary>
    /// Does independent parts in random order, so that none profits from its place. A side that drops out of a part takes part in the next
    /// one again.
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
    /// Does something that nothing later depends on, so that a side that drops out of it takes part again in what follows.
    /// </summary>
    public async Task PartAsync(Func<Task> part)
    {
        Side[] before = [.. _out];
        await part();
        _out.IntersectWith(before);
    }

    /// <summary>Runs one slot on an arm.</summary>
    /// <exception cref="ArmLostException">The host is lost.</exception>
    /// <exception cref="SlotUnknownException">
    /// The host has no such slot. The methods that run something on each side catch this.
    /// </exception>
    public async Task<TReply> RunAsync<TReply>(Arm arm, Slot<TReply> slot)
        where TReply : Reply, new()
    {
        var reply = await arm.RunAsync(slot, _cancellationToken);
        _log(new SlotRecord(arm.Side, slot, reply));
        return reply;
    }

    /// <summary>Runs a slot on all arms at the same time.</summary>
    public Task<IReadOnlyList<(Arm Arm, TReply Reply)>> TogetherAsync<TReply>(Slot<TReply> slot)
        where TReply : Reply, new() => TogetherAsync(_ => slot);

    /// <summary>Runs one slot on each arm, all at the same time.</summary>
    public async Task<IReadOnlyList<(Arm Arm, TReply Reply)>> TogetherAsync<TReply>(Func<Arm, Slot<TReply>> slot)
        where TReply : Reply, new()
    {
        var replies = new TReply?[_arms.Length];
        await Task.WhenAll(_arms.Select((arm, i) => TryAsync(arm, async () => replies[i] = await RunAsync(arm, slot(arm)))));
        return [.. _arms.Zip(replies).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
    }

    /// <summary>Runs a slot <paramref name="times"/> times on each side in turns, and returns the replies by arm.</summary>
    public Task<Dictionary<Arm, List<TReply>>> RepliesAsync<TReply>(int times, Slot<TReply> slot)
        where TReply : Reply, new() => RepliesAsync(times, arm => RunAsync(arm, slot));

    /// <summary>Measures something <paramref name="times"/> times on each side in turns, and returns what was measured by arm.</summary>
    public async Task<Dictionary<Arm, List<T>>> RepliesAsync<T>(int times, Func<Arm, Task<T>> part)
    {
        var replies = _arms.ToDictionary(arm => arm, _ => new List<T>());
        await InTurnsAsync(times, async arm => replies[arm].Add(await part(arm)));
        return replies.Where(pair => !_out.Contains(pair.Key.Side)).ToDictionary();
    }

    /// <summary>Runs a slot <paramref name="times"/> times on each side in turns, and records what its replies say together.</summary>
    public Task RecordAsync<TReply>(int times, Slot<TReply> slot, IEnumerable<Reading<List<TReply>>> readings)
        where TReply : Reply, new() => RecordAsync(times, arm => RunAsync(arm, slot), readings);

    /// <summary>Measures something <paramref name="times"/> times on each side in turns, and records what is read from all of it.</summary>
    public async Task RecordAsync<T>(int times, Func<Arm, Task<T>> part, IEnumerable<Reading<List<T>>> readings)
    {
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
