using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>One slot as the raw data of a run keep it.</summary>
/// <param name="Side">The side whose host ran it.</param>
/// <param name="Slot">The slot with its parameters.</param>
/// <param name="Reply">What it measured.</param>
internal sealed record SlotRecord(Side Side, Slot Slot, Reply Reply);
