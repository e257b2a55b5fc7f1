using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;
using Moments = System.Collections.Generic.IReadOnlyDictionary<string, Snakepit.Benchmarks.Protocol.Slots.MemoryUseReply>;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the memory of host, template and workers at the start, under load and after it, and how much memory each call leaves in use on
/// either side. If it gets worse, fewer workers fit on a machine, or a service that runs for weeks needs more memory from day to day.
/// </summary>
internal sealed class MemoryScenario : Scenario
{
    private const int Workers = 8, Callers = 20, LoadMs = 400, Batches = 8, Turns = 2;

    // A leak is found in each turn. What a process allocates once, as for a new thread, is found in one of them, so the smaller bound counts.
    // The counters of the allocators go up and down by some hundred bytes a batch. A bound below this says only that no leak was found, so
    // it is recorded as this value. The ratio of two such values is 1, and a leak on one side is a ratio of its own.
    private const double LeastBytes = 10;

    private static readonly string[] Times = ["start", "load", "after"];

    // What a worker has for itself at the start is left out, because the scenarios Startup and Direct measure it.
    private static readonly Reading<Moments>[] OfUse =
        [.. Times.SelectMany(OfMoment).Where(reading => reading.Key != $"memory.{Times[0]}.worker.pss")];

    private static readonly Growth[] Growths =
    [
        new("pings", new GrowthSlot(GrowthLoad.Pings, Batches, Count: 500), "ping"),
        new("mixed", new GrowthSlot(GrowthLoad.Mixed, Batches, Count: 70), "one call of each kind"),
    ];

    public override string Name => "Memory";

    public override string Description => $"memory at the start, under load and after it, {Workers} workers; what a call leaves in use";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. OfUse, .. Growths.SelectMany(growth => growth.Readings)];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(WorkerTransport.Direct)));
        if (round.Wants(OfUse))
        {
            await round.TogetherAsync(new StartSlot(Workers));
            await round.EachAsync(async arm => round.Record(arm, OfUse, new Dictionary<string, MemoryUseReply>
            {
                [Times[0]] = await round.RunAsync(arm, new MemoryUseSlot()),
                [Times[1]] = await round.RunAsync(arm, new MemoryUseSlot(Callers, LoadMs)),
                [Times[2]] = await round.RunAsync(arm, new MemoryUseSlot()),
            }));
            await round.TogetherAsync(new StopSlot());
        }

        await round.TogetherAsync(new StartGrowthSlot(Workers: 1));
        await round.InAnyOrderAsync([.. Growths.Where(growth => round.Wants(growth.Readings)).Select<Growth, Func<Task>>(
            growth => () => round.RecordAsync(Turns, growth.Slot, growth.Readings))]);
    }

    private static IEnumerable<Reading<Moments>> OfMoment(string moment) =>
        new (string Name, string Description, Func<MemoryUseReply, double> Read)[]
        {
            ("worker.pss", "own memory of a worker (PSS)", reply => reply.WorkerPss),
            ("worker.rss", "memory of a worker with what it shares (RSS)", reply => reply.WorkerRss),
            ("template.pss", "own memory of the template (PSS)", reply => reply.TemplatePss),
            ("template.rss", "memory of the template with what it shares (RSS)", reply => reply.TemplateRss),
            ("host.heap", "objects of the .NET process", reply => reply.HostHeap),
            ("host.working_set", "working set of the .NET process", reply => reply.HostWorkingSet),
        }.Select(value => new Reading<Moments>(
            $"memory.{moment}.{value.Name}", "MB", Worse.Higher, $"{moment}: {value.Description}", all => value.Read(all[moment])));

    /// <summary>Calls whose growth is measured, and their metrics.</summary>
    private sealed record Growth(string Name, GrowthSlot Slot, string What)
    {
        public Reading<List<GrowthReply>>[] Readings { get; } =
        [
            new($"memory.growth.{Name}.dotnet", "B/call", Worse.Higher, $"{What}: kept by .NET, upper bound",
                replies => Math.Max(LeastBytes, replies.Min(reply => reply.HostUpper))) { Cause = "a leak in .NET" },
            new($"memory.growth.{Name}.python", "B/call", Worse.Higher, $"{What}: kept by Python, upper bound",
                replies => Math.Max(LeastBytes, replies.Min(reply => reply.WorkersUpper))) { Cause = "a leak in Python" },
            new($"memory.left.{Name}.descriptors", "files", Worse.Higher, "open in the worker, as before",
                replies => replies.Max(reply => reply.WorkerDescriptors)),
            new($"memory.left.{Name}.threads", "threads", Worse.Higher, "of the worker, as before",
                replies => replies.Max(reply => reply.WorkerThreads)),
            new($"memory.left.{Name}.host.descriptors", "files", Worse.Higher, "open in the host after the load",
                replies => replies.Max(reply => reply.HostDescriptors)),
            new($"memory.left.{Name}.host.threads", "threads", Worse.Higher, "of the host after the load",
                replies => replies.Max(reply => reply.HostThreads)),
        ];
    }
}
