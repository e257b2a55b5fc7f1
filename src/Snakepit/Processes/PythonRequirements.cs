namespace Snakepit.Processes;

/// <summary>The packages and the Python version that a Python interpreter must have to run workers.</summary>
/// <param name="Packages">The names of the required packages, for messages.</param>
/// <param name="HowToInstall">The commands that install the packages, for messages.</param>
/// <param name="CheckProgram">A Python program that exits with 0 if the interpreter has the packages and is new enough.</param>
/// <param name="Specifiers">The packages as pip takes them, with a space between each two.</param>
internal sealed record PythonRequirements(string Packages, string HowToInstall, string CheckProgram, string Specifiers = "")
{
    /// <summary>The beginning of a program that checks an interpreter: it tells the version, if that is too old.</summary>
    public const string CheckVersion =
        "import sys; sys.version_info >= (3, 11) or sys.exit('it is Python %d.%d, and 3.11 or newer is needed' % sys.version_info[:2]); ";

    /// <summary>Creates the exception for an interpreter that does not meet the requirements.</summary>
    /// <param name="interpreter">The path of the interpreter.</param>
    /// <param name="details">The error of Python.</param>
    /// <param name="explanation">What else than a missing package is to blame, with a space before it; empty if nothing is known.</param>
    public PythonRuntimeException NotMet(string interpreter, string details, string explanation = "") =>
        new(interpreter, details.TrimEnd() + explanation, explanation.Length > 0 ? "" : $"{Environment.NewLine}Workers need {Packages} "
            + $"(protobuf 3.21, grpcio 1.51, or newer): {HowToInstall}. Or name another interpreter with {PythonLocator.Variable} or "
            + $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.PythonPath)}.");
}
