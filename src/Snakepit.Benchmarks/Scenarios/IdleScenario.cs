using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the CPU time and the wake-ups of a pool that does nothing, over both transports. If it gets worse, a service that is seldom
/// called pays for pools that nobody uses, and a processor cannot sleep.
/// </summary>
internal sealed class IdleScenario : Scenario
{
    private const int Workers = 8, Crowd = 128;

    // The interval of the heartbeats. Each worker has exactly one in this time, because all workers start at almost the same time.
    private const int PauseMs = 2_000;

    private const string Heartbeats = "the cost of a heartbeat", Timers = "timers that wake a process";

    private static readonly IdlePool[] Pools =
        [new(WorkerTransport.Direct, Workers), new(WorkerTransport.Grpc, Workers), new(WorkerTransport.Direct, Crowd)];

    public override string Name => "Idle";

    public override string Description => $"CPU time and wake-ups of a pool that does nothing: {Workers} workers over both transports";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings { get; } = [.. Pools.SelectMany(pool => pool.Readings)];

    public override Task MeasureAsync(Round round) => round.InAnyOrderAsync(
        [.. Pools.Where(pool => (!pool.IsCrowd || round.IsRare) && round.Wants(pool.Readings)).Select<IdlePool, Func<Task>>(
            pool => () => MeasureAsync(round, pool))]);

    /// <summary>Measures both sides at the same time: they do not disturb each other, and both meet the same noise.</summary>
    private static async Task MeasureAsync(Round round, IdlePool pool)
    {
        await round.TogetherAsync(new TransportSlot(pool.Transport));
        await round.TogetherAsync(new HeartbeatsSlot(Workers: 2, Milliseconds: 500)); // warms up the host
        await round.TogetherAsync(new StartSlot(pool.Workers));
        foreach (var (arm, reply) in await round.TogetherAsync(new IdleSlot(PauseMs)))
        {
            round.Record(arm, pool.Readings, reply);
        }

        await round.TogetherAsync(new StopSlot());
    }

    /// <summary>A pool that is measured, and its metrics.</summary>
    private sealed record IdlePool(WorkerTransport Transport, int Workers)
    {
        public bool IsCrowd => Workers == Crowd;

        public Reading<IdleReply>[] Readings { get; } = Of($"idle.{Transport.ToString().ToLowerInvariant()}.{Workers}");

        private static Reading<IdleReply>[] Of(string name) =>
        [
            new($"{name}.cpu", "ms/s", Worse.Higher, "CPU of host, template and workers",
                reply => reply.HostCpuMs + reply.TemplateCpuMs + reply.WorkersCpuMs) { Cause = Heartbeats },
            new($"{name}.cpu.host", "ms/s", Worse.Higher, "CPU of the host", reply => reply.HostCpuMs) { Cause = Heartbeats },
            new($"{name}.cpu.python", "ms/s", Worse.Higher, "CPU of template and workers",
                reply => reply.TemplateCpuMs + reply.WorkersCpuMs) { Cause = Heartbeats },
            new($"{name}.wakeups", "1/s", Worse.Higher, "wake-ups of threads of host, template and workers",
                reply => reply.HostWakeUps + reply.TemplateWakeUps + reply.WorkersWakeUps) { Cause = Timers },
            new($"{name}.wakeups.host", "1/s", Worse.Higher, "wake-ups of threads of the host", reply => reply.HostWakeUps)
                { Cause = Timers },
            new($"{name}.wakeups.python", "1/s", Worse.Higher, "wake-ups of threads of template and workers",
                reply => reply.TemplateWakeUps + reply.WorkersWakeUps) { Cause = Timers },
        ];
    }
}
