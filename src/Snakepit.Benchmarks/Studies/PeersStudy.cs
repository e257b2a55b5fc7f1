using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// The pool beside what somebody might use instead, each with as many workers, called from the same .NET process in turns. What is not installed is
/// left out, and the reason told.
/// </summary>
internal sealed class PeersStudy : Study
{
    private const int Workers = 8;
    private const int WarmUp = 500;
    private const int Slot = 100;
    private const int Slots = 6;
    private const int Calls = 200;
    private const string Bare = "peers.direct_by_hand.rate";

    private static readonly int[] Callers = [8, 20, 100];

    // Claimed; everything else is only put side by side.
    private static readonly Dictionary<(string Transport, string Peer, string Key), double> Factors = new()
    {
        [("direct", "fastapi", "20.rate")] = 3,
        [("direct", "asgi", "20.rate")] = 1.5,
        [("direct", "fastapi", "single.p50")] = 2,
        [("grpc", "fastapi", "20.rate")] = 1,
    };

    private static readonly (string Key, string Unit, Worse Worse, string What)[] Rows =
    [
        .. Callers.Select(callers => ($"{callers}.rate", "calls/s", Worse.Lower, $"{callers} callers")),
        ("single.p50", "ms", Worse.Higher, "one caller, p50"),
    ];

    private static readonly string[] Transports = [.. Enum.GetValues<WorkerTransport>().Select(KeyOf)];

    private readonly List<Peer> _present = [];
    private readonly List<string> _remarks = [];

    public override string Name => "Peers";

    public override string Description => $"the pool beside {string.Join("; ", Peer.All.Select(peer => peer.Description))}";

    public override bool IsSettled => true;

    public override int Rounds => 8;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Transports.Concat(Peer.All.Select(peer => peer.Name))
            .SelectMany(name => Rows.Select(row => new Metric(Key(name, row.Key), row.Unit, row.Worse, $"{name}: {row.What}"))),
        new Metric(Bare, "calls/s", Worse.Lower, "direct by hand, without a pool: one loop a worker"),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        Claim.Beside("what Direct can do at most, a loop by hand for each worker, beside asgi: 20 callers", Bare, Key("asgi", "20.rate")),
        .. Peer.All.SelectMany(peer => Rows.SelectMany(row => Transports.Select(transport => Claim.Beside(
            $"{transport}, beside {peer.Name}: {row.What}",
            Key(transport, row.Key),
            Key(peer.Name, row.Key),
            Factors.TryGetValue((transport, peer.Name, row.Key), out var factor) ? factor : null)))),
    ];

    public override IReadOnlyList<string> Remarks => [.. Peer.All.Select(peer => $"{peer.Name}: {peer.Description}."), .. _remarks];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        await FindAsync();
        foreach (var transport in Enum.GetValues<WorkerTransport>())
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = Workers, Kind = "cold" });
        }

        var names = Transports.Concat(_present.Select(peer => peer.Name)).ToList();
        await EachAsync(round, names, name => ClosedAsync(round, arm, name, Callers[^1], WarmUp));
        var collected = new Collected();
        await BareAsync(WarmUp);
        for (var i = 0; i < Slots; i++)
        {
            await EachAsync(round, names, async name =>
            {
                foreach (var callers in Callers)
                {
                    collected.Add(Key(name, $"{callers}.rate"), await ClosedAsync(round, arm, name, callers, Slot));
                }

                collected.Add(Key(name, "single"), await SingleAsync(round, arm, name));
            });
            collected.Add(Bare, await BareAsync(Slot));
        }

        collected.RecordRate(round, arm, Bare);
        foreach (var name in names)
        {
            round.Record(arm, Key(name, "single.p50"), Round.Milliseconds(collected[Key(name, "single")]).Median);
            foreach (var callers in Callers)
            {
                collected.RecordRate(round, arm, Key(name, $"{callers}.rate"));
            }
        }

        async Task<SlotReply> BareAsync(int milliseconds)
        {
            await UseAsync(round, arm, WorkerTransport.Direct);
            return await round.RunAsync(arm, new SlotRequest(0, "bare") { Workers = Workers, Milliseconds = milliseconds });
        }
    }

    /// <summary>Which peers this machine has; looked up once.</summary>
    private async Task FindAsync()
    {
        if (_present.Count > 0)
        {
            return;
        }

        var python = await ThisMachine.PythonAsync();
        foreach (var peer in Peer.All)
        {
            if (await peer.MissingAsync(python) is { } reason)
            {
                _remarks.Add(reason);
            }
            else
            {
                _present.Add(peer);
            }
        }
    }

    private static Task EachAsync(Round round, List<string> names, Func<string, Task> part) =>
        round.InAnyOrderAsync([.. names.Select<string, Func<Task>>(name => () => part(name))]);

    private static async Task<SlotReply> ClosedAsync(Round round, Arm arm, string name, int callers, int milliseconds) =>
        await round.RunAsync(arm, await ToAsync(round, arm, name, "closed", "peer") with { Callers = callers, Milliseconds = milliseconds });

    private static async Task<SlotReply> SingleAsync(Round round, Arm arm, string name) =>
        await round.RunAsync(arm, await ToAsync(round, arm, name, "single", "peer.single") with { Count = Calls });

    /// <summary>A slot that calls the pool, over the transport of that name, or else one that calls the peer.</summary>
    private static async Task<SlotRequest> ToAsync(Round round, Arm arm, string name, string ofPool, string ofPeer)
    {
        if (!Enum.TryParse<WorkerTransport>(name, ignoreCase: true, out var transport))
        {
            return new SlotRequest(0, ofPeer) { Kind = name, Workers = Workers };
        }

        await UseAsync(round, arm, transport);
        return new SlotRequest(0, ofPool);
    }

    private static string Key(string name, string key) => $"peers.{name}.{key}";
}
