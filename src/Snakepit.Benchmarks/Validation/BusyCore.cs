using System.Diagnostics;

namespace Snakepit.Benchmarks.Validation;

/// <summary>Imitates other work on the machine: keeps one processor busy for half of the time, in bursts of 50 ms.</summary>
internal sealed class BusyCore : IDisposable
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _ending = new();
    private readonly Thread _thread;

    public BusyCore()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "busy core" };
        _thread.Start();
    }

    public void Dispose()
    {
        _ending.Set();
        _thread.Join();
        _ending.Dispose();
    }

    private void Run()
    {
        while (!_ending.Wait(Burst))
        {
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Burst;)
            {
                Thread.SpinWait(100);
            }
        }
    }
}
