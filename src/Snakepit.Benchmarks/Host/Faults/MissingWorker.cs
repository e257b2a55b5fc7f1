namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A pool is started with one worker less than is asked for.</summary>
internal sealed class MissingWorker : InjectedFault
{
    public override int WorkersOf(int asked) => asked - 1;
}
