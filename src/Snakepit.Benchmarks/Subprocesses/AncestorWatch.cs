using Snakepit.Processes;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Notices that a program has ended which has started a process, or which has started that program. A test host looks after itself in this
/// way: if <c>dotnet test</c> is killed, nothing tells the test host, which is its grandchild.
/// </summary>
internal sealed class AncestorWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly int _pid, _parent, _grandparent;
    private readonly bool _withGrandparent;
    private readonly Action _ended;
    private readonly Timer _timer;
    private int _hasEnded;

    /// <param name="pid">The process whose ancestors are watched.</param>
    /// <param name="ended">Called once, when one of them has ended.</param>
    /// <param name="withGrandparent">Whether the grandparent is watched too. Default: true.</param>
    public AncestorWatch(int pid, Action ended, bool withGrandparent = true)
    {
        (_pid, _ended, _withGrandparent) = (pid, ended, withGrandparent);
        _parent = ProcessFacts.ParentOf(pid);
        _grandparent = ProcessFacts.ParentOf(_parent);
        _timer = new Timer(_ => Look(), state: null, Interval, Interval);
    }

    /// <summary>
    /// Watches <c>dotnet run</c> if that has started this process; returns null if something else has. A shell may end before a program
    /// that it has started in the background.
    /// </summary>
    public static AncestorWatch? OfDotnetRun(Action ended) =>
        ProcessFacts.NameOf(ProcessFacts.ParentOf(Environment.ProcessId)) == "dotnet"
            ? new AncestorWatch(Environment.ProcessId, ended, withGrandparent: false)
            : null;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A process whose parent has ended gets another parent.
        var isComplete = ProcessFacts.ParentOf(_pid) == _parent
            && (!_withGrandparent || ProcessFacts.ParentOf(_parent) == _grandparent);
        if (!isComplete && Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _ended();
        }
    }
}
