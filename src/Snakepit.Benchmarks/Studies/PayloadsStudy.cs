using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// Measures how long arrays take to Python and back, what they allocate, and how the pool compares with its peers, which are other ways to
/// get arrays to Python. A peer that is not installed is left out, and the report says why.
/// </summary>
internal sealed class PayloadsStudy : Study
{
    private const int Workers = 8;
    private const int Turns = 3;
    private const int Pings = 200;
    private const int Lent = 40;
    private const double Counted = 10_000_000;

    private static readonly Size[] Sizes =
        [new("10K", 1e4, 100), new("100K", 1e5, 100), new("1M", 1e6, 40), new("10M", 1e7, 6), new("100M", 1e8, 2)];

    private static readonly Size Large = Sizes[^1];

    // A claim about milliseconds is for two quiet cores. What has no limit here is only reported.
    private static readonly Dictionary<string, double> Limits = new() { ["100K"] = 0.12, ["1M"] = 0.3, ["10M"] = 6, ["100M"] = 60 };

    // The pool is claimed to be better than a peer by at least these factors.
    private static readonly Dictionary<(string Peer, string Size), double> Factors = new()
    {
        [("asgi_raw", "1M")] = 5,
        [("asgi_raw", "100M")] = 2,
        [("process_pool_numpy", "1M")] = 5,
        [("process_pool_numpy", "100M")] = 5,
    };

    private static readonly Row[] OfSizes =
    [
        .. Sizes.Select(size => new Row(
            $"copied.{size.Name}", "ms", $"{size.Name}B there and back", all => all.Copied[size].Milliseconds().Median)),
    ];

    private static readonly Row Ping = new("ping", "ms", "a ping", all => all.Pings.Milliseconds().Median);

    private static readonly Row Shared = new(
        $"shared.{Large.Name}", "ms", $"{Large.Name}B there and back as SharedArray", all => all.Shared.Milliseconds().Median);

    private static readonly Row LentRow = new(
        $"lent.{Large.Name}", "ms", $"a SharedArray of {Large.Name}B, lent to {Workers} workers in turn",
        all => all.Lent.Milliseconds().Median);

    private static readonly Row HostBytes = new(
        "allocated.host", "x", "allocated by .NET for 10MB there and back, in arrays", all => all.Allocated!.HostBytes / Counted);

    private static readonly Row WorkerBytes = new(
        "allocated.worker", "x", "allocated by Python for 10MB there and back, in arrays", all => all.Allocated!.WorkerBytes / Counted);

    // What is measured of the pool. Of peers, only the sizes are.
    private static readonly Row[] OfPool = [.. OfSizes, Ping, Shared, LentRow, HostBytes, WorkerBytes];

    private static readonly string[] Transports = [.. Enum.GetValues<WorkerTransport>().Select(KeyOf)];

    private readonly InstalledPeers _peers = new(Peer.OfArrays);

    public override string Name => "Payloads";

    public override string Description => "arrays to Python and back: through the pool, and through its peers";

    public override bool IsSettled => true;

    public override int Rounds => 8;

    public override IReadOnlyList<Reading> Readings { get; } =
    [
        .. Transports.SelectMany(name => OfPool, (name, row) => row.Of(name)),
        .. Peer.OfArrays.SelectMany(_ => OfSizes, (peer, row) => row.Of(peer.Name)),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Transports.SelectMany(name => (Claim[])
        [
            .. Sizes.Where(size => Limits.ContainsKey(size.Name)).Select(size => Within(OfSizeRow(size), name, Limits[size.Name])),
            Within(Shared, name, 15),
            Claim.Beside($"{name}: 10KB there and back, beside 1.5 pings", OfSizes[0].Of(name).Key, Ping.Of(name).Key, 1 / 1.5),
            Claim.Beside($"{name}: {LentRow.What}, beside 1.5 pings", LentRow.Of(name).Key, Ping.Of(name).Key, 1 / 1.5),
            Within(HostBytes, name, 1.01),
            Within(WorkerBytes, name, 0.01),
        ]),
        .. Peer.OfArrays.SelectMany(peer => Sizes.SelectMany(size => Transports.Select(name => Claim.Beside(
            $"{name}, beside {peer.Name}: {size.Name}B",
            OfSizeRow(size).Of(name).Key,
            OfSizeRow(size).Of(peer.Name).Key,
            Factors.TryGetValue((peer.Name, size.Name), out var factor) ? factor : null)))),
    ];

    public override IReadOnlyList<string> Remarks =>
    [
        "Times are medians of single calls. Limits in milliseconds are those of two quiet cores. What stands beside each other was "
        + "measured in the same rounds and holds on any machine.",
        .. Peer.OfArrays.Select(peer => $"{peer.Name}: {peer.Description}."),
        .. _peers.WhyMissing,
    ];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        await _peers.FindAsync();
        await round.RunAsync(arm, new ArrayToolsSlot());
        foreach (var transport in Enum.GetValues<WorkerTransport>())
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new StartSlot(Workers));
        }

        var measured = Transports.Concat(_peers.Present.Select(peer => peer.Name)).ToDictionary(name => name, _ => new Measured());
        for (var turn = 0; turn <= Turns; turn++)
        {
            var isWarmUp = turn == 0; // its times count for nothing
            await round.InAnyOrderAsync([.. measured.Select<KeyValuePair<string, Measured>, Func<Task>>(
                pair => () => TurnAsync(round, arm, pair.Key, isWarmUp ? new Measured() : pair.Value, isWarmUp))]);
        }

        foreach (var transport in Enum.GetValues<WorkerTransport>())
        {
            await UseAsync(round, arm, transport);
            measured[KeyOf(transport)].Allocated = await round.RunAsync(arm, new ArrayAllocationsSlot(Counted));
        }

        foreach (var (name, all) in measured)
        {
            var rows = Transports.Contains(name) ? OfPool : OfSizes;
            round.Record(arm, rows.Select(row => row.Of(name)), all);
        }
    }

    private static async Task TurnAsync(Round round, Arm arm, string name, Measured all, bool isWarmUp)
    {
        if (!Enum.TryParse<WorkerTransport>(name, ignoreCase: true, out var transport))
        {
            await SizesAsync((size, count) => round.RunAsync(arm, new PeerArraySlot(name, size.Bytes, count)));
            return;
        }

        await UseAsync(round, arm, transport);
        all.Pings.Add(await round.RunAsync(arm, new SingleCallerSlot(Pings)));
        await SizesAsync((size, count) => round.RunAsync(arm, new ArraySlot(ArrayWay.Copied, size.Bytes, count)));
        all.Shared.Add(await round.RunAsync(arm, new ArraySlot(ArrayWay.Shared, Large.Bytes, Large.Count)));
        all.Lent.Add(await round.RunAsync(arm, new ArraySlot(ArrayWay.Lent, Large.Bytes, Lent)));

        async Task SizesAsync(Func<Size, int, Task<TimesReply>> measure)
        {
            foreach (var size in Sizes)
            {
                // The .NET runtime optimises code while it is called for some hundred times.
                all.Copied[size].Add(await measure(size, isWarmUp && size.Bytes < 1e7 ? 10 * size.Count : size.Count));
            }
        }
    }

    private static Row OfSizeRow(Size size) => OfSizes[Array.IndexOf(Sizes, size)];

    private static Claim Within(Row row, string name, double limit) => Claim.Within($"{name}: {row.What}", row.Of(name).Key, limit);

    /// <summary>A size of arrays, and the number of calls with one in a turn.</summary>
    private sealed record Size(string Name, double Bytes, int Count);

    /// <summary>A metric that is measured for each transport of the pool, or for each peer too.</summary>
    private sealed record Row(string Key, string Unit, string What, Func<Measured, double> Read)
    {
        public Reading<Measured> Of(string name) => new($"payloads.{name}.{Key}", Unit, Worse.Higher, $"{name}: {What}", Read);
    }

    /// <summary>The measured values of the pool over one transport, or of one peer, in one round.</summary>
    private sealed class Measured
    {
        public Dictionary<Size, List<TimesReply>> Copied { get; } = Sizes.ToDictionary(size => size, _ => new List<TimesReply>());

        public List<TimesReply> Pings { get; } = [];

        public List<TimesReply> Shared { get; } = [];

        public List<TimesReply> Lent { get; } = [];

        public AllocationsReply? Allocated { get; set; }
    }
}
