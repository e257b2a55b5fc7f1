using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>Sends pings over a transport, so that all functions of a call are profiled. It judges nothing.</summary>
/// <param name="transport">The transport.</param>
internal sealed class NamingScenario(WorkerTransport transport) : Scenario
{
    private const int Workers = 8, Callers = 20, Slots = 12;

    private static readonly ClosedLoopSlot Load = new(Callers, Milliseconds: 100);

    public override string Name => $"Naming over {transport}";

    public override string Description => $"pings, {Workers} workers, {Callers} callers";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings => [];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(transport)));
        await round.TogetherAsync(new StartSlot(Workers));
        await round.EachAsync(arm => round.RunAsync(arm, Load with { Milliseconds = 300 })); // warms up the host and the workers
        await round.RepliesAsync(Slots, Load);
    }
}
