using System.Collections.Immutable;

namespace Snakepit.Benchmarks.Protocol;

/// <summary>The first line that a benchmark host writes. It describes the host to the <c>bench</c> process that started the host.</summary>
/// <param name="Revision">
/// The commit that was checked out when the host was built; empty if it is unknown. The build may contain uncommitted changes as well.
/// </param>
/// <param name="Directory">The directory of the host's program files.</param>
/// <param name="ProcessId">The process id of the host.</param>
/// <param name="Slots">The names of the slots (kinds of requests) that the host can run.</param>
/// <param name="Protocol">The version of the protocol that the host speaks.</param>
internal sealed record Greeting(
    string Revision, string Directory, int ProcessId, ImmutableArray<string> Slots, int Protocol = HostProtocol.Oldest);
