namespace Snakepit.Processes;

/// <summary>What a Python interpreter must have to run workers.</summary>
/// <param name="Packages">The required packages, in words.</param>
/// <param name="HowToInstall">Commands that install them, in words.</param>
/// <param name="CheckProgram">A Python program that exits with 0 if the interpreter has them and is new enough.</param>
internal sealed record PythonRequirements(string Packages, string HowToInstall, string CheckProgram)
{
    /// <summary>The exception for an interpreter that lacks them.</summary>
    public PythonRuntimeException NotMet(string interpreter, string details) => new(interpreter, details, Packages, HowToInstall);
}
