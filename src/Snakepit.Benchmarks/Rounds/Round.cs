using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>
/// One round, the unit that statistics count: a fresh host on each side, slots in turns, and one value a metric and side. Every order in it comes
/// from the round's own random numbers.
/// </summary>
internal sealed class Round
{
    // What nobody is judged by need not be measured in every round.
    private const int Rarely = 4;

    private readonly Arm[] _arms;
    private readonly Action<SlotRecord> _log;
    private readonly Func<Side, Task<Arm>> _fresh;
    private readonly IReadOnlySet<string> _wanted;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<Side, Dictionary<string, double>> _values = [];

    /// <param name="number">From 1.</param>
    /// <param name="arms">The sides; the candidate alone if there is no pin.</param>
    /// <param name="random">The source of every choice.</param>
    /// <param name="wanted">The metrics that it is for.</param>
    /// <param name="fresh">Starts one more host of a side.</param>
    /// <param name="log">Told of every slot.</param>
    /// <param name="cancellationToken">Ends the round.</param>
    public Round(
        int number, IReadOnlyList<Arm> arms, Random random, IReadOnlySet<string> wanted, Func<Side, Task<Arm>> fresh, Action<SlotRecord> log,
        CancellationToken cancellationToken)
    {
        IsRare = number % Rarely == 1;
        (_arms, Random, _wanted, _fresh, _log, _cancellationToken) = ([.. arms], random, wanted, fresh, log, cancellationToken);
        foreach (var arm in arms)
        {
            _values[arm.Side] = [];
        }
    }

    public Random Random { get; }

    /// <summary>True in the first round and every fourth after it: for what takes long, and is told but not judged.</summary>
    public bool IsRare { get; }

    /// <summary>True if one of these metrics is still wanted: what is decided need not be measured further, and what is recorded all the same does no harm.</summary>
    public bool Wants(params IEnumerable<string> metrics) => metrics.Any(_wanted.Contains);

    /// <summary>What was recorded of a side.</summary>
    public IReadOnlyDictionary<string, double> Of(Side side) => _values[side];

    /// <summary>Records a metric of an arm; each once a round.</summary>
    public void Record(Arm arm, string key, double value) => _values[arm.Side].Add(key, value);

    /// <summary>What has been recorded already of an arm.</summary>
    public double this[Arm arm, string key] => _values[arm.Side][key];

    /// <summary>Does something on both sides, one after the other, which one first is drawn.</summary>
    public async Task EachAsync(Func<Arm, Task> part)
    {
        Random.Shuffle(_arms);
        foreach (var arm in _arms)
        {
            await part(arm);
        }
    }

    /// <summary>
    /// Does something <paramref name="times"/> times on each side, in pairs whose order is drawn and then turned around: ABBA, BAAB, and so on. A
    /// steady drift of the machine favours neither side, and a burst of noise hits both alike if the parts are short.
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

            foreach (var arm in _arms.ToArray())
            {
                await part(arm);
            }
        }
    }

    /// <summary>As <see cref="EachAsync"/>, but in one more host of each side, as it is when just started, which is ended afterwards.</summary>
    public Task EachFreshAsync(Func<Arm, Task> part) => EachAsync(async arm =>
    {
        await using var fresh = await _fresh(arm.Side);
        await part(fresh);
    });

    /// <summary>Does parts in random order, so that none profits from its place.</summary>
    public async Task InAnyOrderAsync(params Func<Task>[] parts)
    {
        Random.Shuffle(parts);
        foreach (var part in parts)
        {
            await part();
        }
    }

    /// <summary>Runs one slot on an arm.</summary>
    /// <exception cref="ArmLostException">The host is lost.</exception>
    public async Task<SlotReply> RunAsync(Arm arm, SlotRequest request)
    {
        var reply = await arm.RunAsync(request, _cancellationToken);
        if (reply.Unknown)
        {
            throw new NotComparableException($"the host of the {arm.Side} has no slot '{request.Slot}' yet", "move the pin with 'bench pin'");
        }

        _log(new SlotRecord(arm.Side, request, reply));
        return reply;
    }

    /// <summary>Runs one slot on all arms at the same time.</summary>
    public async Task<IReadOnlyList<(Arm Arm, SlotReply Reply)>> TogetherAsync(Func<Arm, SlotRequest> request)
    {
        var running = _arms.Select(async arm => (arm, await RunAsync(arm, request(arm)))).ToList();
        return await Task.WhenAll(running);
    }

    /// <summary>Runs a slot <paramref name="times"/> times on each side in turns and returns the replies by arm.</summary>
    public async Task<IReadOnlyDictionary<Arm, List<SlotReply>>> RepliesAsync(int times, SlotRequest request)
    {
        var replies = _arms.ToDictionary(arm => arm, _ => new List<SlotReply>());
        await InTurnsAsync(times, async arm => replies[arm].Add(await RunAsync(arm, request)));
        return replies;
    }

    /// <summary>What an arm's slots say of one value.</summary>
    public static Sample Values(IEnumerable<SlotReply> replies, string value) => new(replies.Select(reply => reply[value]));

    /// <summary>The times that slots have sampled, in milliseconds.</summary>
    public static Sample Milliseconds(IEnumerable<SlotReply> replies) =>
        new(replies.SelectMany(Milliseconds));

    /// <summary>The times that a slot has sampled, in milliseconds and in the order in which it tells them.</summary>
    public static IEnumerable<double> Milliseconds(SlotReply reply) => reply.Samples.Select(microseconds => microseconds / 1000.0);

    /// <summary>A cost per call over all of an arm's slots.</summary>
    public static double PerCall(IReadOnlyCollection<SlotReply> replies, string cost) =>
        replies.Sum(reply => reply[cost] * reply["calls"]) / replies.Sum(reply => reply["calls"]);

    /// <summary>Calls per second over all of an arm's slots.</summary>
    public static double Rate(IReadOnlyCollection<SlotReply> replies) =>
        replies.Sum(reply => reply["calls"]) / replies.Sum(reply => reply["calls"] / reply["rate"]);
}

/// <summary>One slot as the raw data keep it.</summary>
internal sealed record SlotRecord(Side Side, SlotRequest Request, SlotReply Reply);
