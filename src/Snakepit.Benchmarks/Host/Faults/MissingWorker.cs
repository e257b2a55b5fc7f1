namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a pool starts one worker fewer than requested.</summary>
internal sealed class MissingWorker : InjectedFault
{
    public override int WorkersOf(int asked) => asked - 1;
}
