namespace Snakepit.Measurement.Profiles;

/// <summary>How much the cost of a function has grown from the pin to the candidate, per unit of work.</summary>
/// <param name="Function">The function.</param>
/// <param name="Candidate">The mean cost on the candidate's side.</param>
/// <param name="Pin">The mean cost on the pin's side.</param>
/// <param name="SamplingError">
/// The standard error of the growth that comes from the limited number of samples alone: the Poisson error.
/// </param>
/// <param name="RoundError">
/// The standard error of the growth that shows in the differences between the rounds. It also has what differs from start to start.
/// </param>
public sealed record FunctionGrowth(Frame Function, double Candidate, double Pin, double SamplingError, double RoundError)
{
    /// <summary>
    /// The smallest growth in standard errors that is significant. With this limit and the next one, no function was named in profiles of
    /// identical builds, and slowdowns of a microsecond a call were found.
    /// </summary>
    public const double FewestErrors = 2.5;

    private const double FewestSamplingErrors = 4;

    /// <summary>The growth of the function's own cost.</summary>
    public double Growth => Candidate - Pin;

    /// <summary>The growth of the cost of all stacks that the function is on.</summary>
    public double Inclusive { get; init; }

    /// <summary>The library in which the cost has grown most, if that is at least half of the growth; null otherwise.</summary>
    public string? Library { get; init; }

    /// <summary>The growth in standard errors, by which functions are ranked.</summary>
    public double Score => Error == 0 ? 0 : Growth / Error;

    /// <summary>True if chance does not explain the growth, so that the function may be named as a cause.</summary>
    public bool IsSignificant => SamplingError > 0 && Growth >= FewestSamplingErrors * SamplingError && Score >= FewestErrors;

    private double Error => double.Hypot(SamplingError, RoundError);
}
