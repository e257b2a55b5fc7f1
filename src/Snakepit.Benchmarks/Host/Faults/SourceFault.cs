namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault in the product itself: its Python package is changed before the hosts of the candidate start.</summary>
/// <param name="patches">The changes.</param>
internal abstract class SourceFault(params SourcePatch[] patches) : InjectedFault
{
    public override IReadOnlyList<SourcePatch> Patches => patches;
}
