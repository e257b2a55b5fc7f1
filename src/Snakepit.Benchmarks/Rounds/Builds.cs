using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>The builds of both sides of a comparison, ready to be started.</summary>
/// <param name="Staging">The copies of the builds from which hosts are started.</param>
/// <param name="Pin">The pinned commit, which the candidate is compared with; null if only the candidate is measured.</param>
internal sealed record Builds(Staging Staging, string? Pin) : IDisposable
{
    /// <summary>Remarks for the report: the settings in which the two builds differ.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Makes the changes of the product that a fault consists of, in the copies of the candidate. Nothing is changed for a fault of the
    /// hosts, which each host is told of.
    /// </summary>
    /// <exception cref="InvalidOperationException">A change does not fit the sources any more.</exception>
    public void Inject(Fault fault)
    {
        foreach (var patch in AllFaults.Create(fault.Kind, fault.Amount).Patches)
        {
            patch.ApplyTo(Staging.DirectoryOf(Side.Candidate, swapped: false));
            patch.ApplyTo(Staging.DirectoryOf(Side.Candidate, swapped: true));
        }
    }

    public void Dispose() => Staging.Dispose();
}
