using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// Compares the pool with its peers, which are other ways to call Python from .NET. All have the same number of workers and are called in
/// turns from the same .NET process. A peer that is not installed is left out, and the report says why.
/// </summary>
internal sealed class PeersStudy : Study
{
    private const int Workers = 8;
    private const int WarmUpMs = 500;
    private const int SlotMs = 100;
    private const int Turns = 6;
    private const int Calls = 200;

    private static readonly int[] Callers = [8, 20, 100];

    // The pool is claimed to be better than a peer by at least these factors. Figures without a factor here are reported side by side
    // without a claim.
    private static readonly Dictionary<(string Transport, string Peer, string Key), double> Factors = new()
    {
        [("direct", "fastapi", "20.rate")] = 3,
        [("direct", "asgi", "20.rate")] = 1.5,
        [("direct", "fastapi", "single.p50")] = 2,
        [("grpc", "fastapi", "20.rate")] = 1,
    };

    private static readonly Row[] Rows =
    [
        .. Callers.Select(callers =>
            new Row($"{callers}.rate", "calls/s", Worse.Lower, $"{callers} callers", all => all.Loops[callers].Rate())),
        new("single.p50", "ms", Worse.Higher, "one caller, p50", all => all.Single.Milliseconds().Median),
    ];

    private static readonly Reading<List<LoopReply>> ByHand = new(
        "peers.direct_by_hand.rate", "calls/s", Worse.Lower, "direct by hand, without a pool: one loop a worker",
        replies => replies.Rate());

    private static readonly string[] Transports = [.. Enum.GetValues<WorkerTransport>().Select(KeyOf)];

    private readonly InstalledPeers _peers = new(Peer.All);

    public override string Name => "Peers";

    public override string Description => $"the pool beside {string.Join("; ", Peer.All.Select(peer => peer.Description))}";

    public override bool IsSettled => true;

    public override int Rounds => 8;

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. Transports.Concat(Peer.All.Select(peer => peer.Name)).SelectMany(name => Rows.Select(row => row.Of(name))), ByHand];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        Claim.Beside(
            "what Direct can do at most, a loop by hand for each worker, beside asgi: 20 callers",
            ByHand.Key, Rows.Single(row => row.Key == "20.rate").Of("asgi").Key),
        .. Peer.All.SelectMany(peer => Rows.SelectMany(row => Transports.Select(transport => Claim.Beside(
            $"{transport}, beside {peer.Name}: {row.What}",
            row.Of(transport).Key,
            row.Of(peer.Name).Key,
            Factors.TryGetValue((transport, peer.Name, row.Key), out var factor) ? factor : null)))),
    ];

    public override IReadOnlyList<string> Remarks =>
        [.. Peer.All.Select(peer => $"{peer.Name}: {peer.Description}."), .. _peers.WhyMissing];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        await _peers.FindAsync();
        foreach (var transport in Enum.GetValues<WorkerTransport>())
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new StartSlot(Workers));
        }

        var measured = Transports.Concat(_peers.Present.Select(peer => peer.Name)).ToDictionary(name => name, _ => new Measured());
        await EachAsync((name, _) => LoopAsync(round, arm, name, Callers[^1], WarmUpMs));
        var byHand = new List<LoopReply>();
        await ByHandAsync(WarmUpMs);
        for (var i = 0; i < Turns; i++)
        {
            await EachAsync(async (name, all) =>
            {
                foreach (var callers in Callers)
                {
                    all.Loops[callers].Add(await LoopAsync(round, arm, name, callers, SlotMs));
                }

                all.Single.Add(await SingleAsync(round, arm, name));
            });
            byHand.Add(await ByHandAsync(SlotMs));
        }

        round.Record(arm, [ByHand], byHand);
        foreach (var (name, all) in measured)
        {
            round.Record(arm, Rows.Select(row => row.Of(name)), all);
        }

        Task EachAsync(Func<string, Measured, Task> part) => round.InAnyOrderAsync(
            [.. measured.Select<KeyValuePair<string, Measured>, Func<Task>>(pair => () => part(pair.Key, pair.Value))]);

        async Task<LoopReply> ByHandAsync(int milliseconds)
        {
            await UseAsync(round, arm, WorkerTransport.Direct);
            return await round.RunAsync(arm, new BareLoopSlot(Workers, milliseconds));
        }
    }

    private static async Task<IRate> LoopAsync(Round round, Arm arm, string name, int callers, int milliseconds) =>
        await IsPoolAsync(round, arm, name)
            ? await round.RunAsync(arm, new ClosedLoopSlot(callers, milliseconds))
            : await round.RunAsync(arm, new PeerLoopSlot(name, Workers, callers, milliseconds));

    private static async Task<TimesReply> SingleAsync(Round round, Arm arm, string name) =>
        await IsPoolAsync(round, arm, name)
            ? await round.RunAsync(arm, new SingleCallerSlot(Calls))
            : await round.RunAsync(arm, new PeerSingleCallerSlot(name, Workers, Calls));

    /// <summary>
    /// Returns true if a name is that of a transport of the pool, and makes the host use that transport from then on. Returns false if the
    /// name is that of a peer.
    /// </summary>
    private static async Task<bool> IsPoolAsync(Round round, Arm arm, string name)
    {
        if (!Enum.TryParse<WorkerTransport>(name, ignoreCase: true, out var transport))
        {
            return false;
        }

        await UseAsync(round, arm, transport);
        return true;
    }

    /// <summary>A metric that is measured for each peer, and for the pool over each transport.</summary>
    private sealed record Row(string Key, string Unit, Worse Worse, string What, Func<Measured, double> Read)
    {
        public Reading<Measured> Of(string name) => new($"peers.{name}.{Key}", Unit, Worse, $"{name}: {What}", Read);
    }

    /// <summary>The measured values of one peer, or of the pool over one transport, in one round.</summary>
    private sealed class Measured
    {
        public Dictionary<int, List<IRate>> Loops { get; } = Callers.ToDictionary(callers => callers, _ => new List<IRate>());

        public List<TimesReply> Single { get; } = [];
    }
}
