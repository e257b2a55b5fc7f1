using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Machines;

namespace Snakepit.Benchmarks.Studies;

/// <summary>Finds out which peers (other ways to call Python from .NET) can be run on this machine.</summary>
/// <param name="all">The peers that a study compares the pool with.</param>
internal sealed class InstalledPeers(IReadOnlyList<Peer> all)
{
    private readonly List<Peer> _present = [];
    private readonly List<string> _missing = [];

    /// <summary>The peers that can be run.</summary>
    public IReadOnlyList<Peer> Present => _present;

    /// <summary>Why each other peer cannot be run, and what to install.</summary>
    public IReadOnlyList<string> WhyMissing => _missing;

    /// <summary>Finds out which peers can be run, the first time it is called.</summary>
    public async Task FindAsync()
    {
        if (_present.Count + _missing.Count > 0)
        {
            return;
        }

        var python = await ThisMachine.PythonAsync();
        foreach (var peer in all)
        {
            if (await peer.MissingAsync(python) is { } reason)
            {
                _missing.Add(reason);
            }
            else
            {
                _present.Add(peer);
            }
        }
    }
}
