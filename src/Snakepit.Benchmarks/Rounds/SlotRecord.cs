using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>A slot that was run, as it is written to the raw data of a run.</summary>
/// <param name="Side">The side whose host ran the slot.</param>
/// <param name="Slot">The slot with its parameters.</param>
/// <param name="Reply">The reply of the slot, which holds what it measured.</param>
/// <param name="Duration">The time from the request to the reply.</param>
internal sealed record SlotRecord(Side Side, Slot Slot, Reply Reply, TimeSpan Duration);
