using System.Collections.Immutable;

namespace Snakepit.Measurement.Profiles;

/// <summary>A sample: a stack at a moment, and the cost that the sample stands for.</summary>
/// <param name="Frames">The functions on the stack, from the outermost to the innermost.</param>
/// <param name="Cost">The cost in the unit of the profile, such as microseconds of CPU time.</param>
public sealed record StackSample(ImmutableArray<Frame> Frames, double Cost);

/// <summary>The samples of one side in one round.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="Work">How many calls, or other units of work, were done meanwhile. Costs are compared per unit of work.</param>
public sealed record Profile(ImmutableArray<StackSample> Samples, double Work);

/// <summary>The profiles of both sides in one round.</summary>
/// <param name="Candidate">The profile of the candidate.</param>
/// <param name="Pin">The profile of the pin.</param>
public sealed record ProfiledRound(Profile Candidate, Profile Pin);
