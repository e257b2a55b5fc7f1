namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>What is taken of a thread while it is stopped. What it means is found out later, so that the thread soon runs on.</summary>
/// <param name="Time">When the sample was taken, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Instruction">The instruction pointer.</param>
/// <param name="Stack">The stack pointer, which is the address of the first word.</param>
/// <param name="Frame">The frame pointer.</param>
/// <param name="Words">The inner end of the stack; empty if it could not be read.</param>
internal sealed record RawSample(long Time, ulong Instruction, ulong Stack, ulong Frame, ulong[] Words);
