using System.Collections.Immutable;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>A host's first line: what it is.</summary>
/// <param name="Revision">
/// The commit that was checked out when the host was built; empty if unknown. There may have been local changes.
/// </param>
/// <param name="Directory">The directory of the host's program.</param>
/// <param name="ProcessId">The host's process.</param>
/// <param name="Slots">The names of the slots that the host offers.</param>
/// <param name="Protocol">The version of the protocol that the host speaks.</param>
internal sealed record Greeting(
    string Revision, string Directory, int ProcessId, ImmutableArray<string> Slots, int Protocol = HostProtocol.Oldest);
