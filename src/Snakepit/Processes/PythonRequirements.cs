namespace Snakepit.Processes;

/// <summary>The packages and the Python version that a Python interpreter must have to run workers.</summary>
/// <param name="Packages">The names of the required packages, for messages.</param>
/// <param name="HowToInstall">The commands that install the packages, for messages.</param>
/// <param name="CheckProgram">A Python program that exits with 0 if the interpreter has the packages and is new enough.</param>
internal sealed record PythonRequirements(string Packages, string HowToInstall, string CheckProgram)
{
    /// <summary>Creates the exception for an interpreter that does not meet the requirements.</summary>
    public PythonRuntimeException NotMet(string interpreter, string details) => new(interpreter, details, Packages, HowToInstall);
}
