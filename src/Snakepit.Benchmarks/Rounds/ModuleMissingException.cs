namespace Snakepit.Benchmarks.Rounds;

/// <summary>Thrown when Python lacks a module that a scenario needs, so that this machine cannot measure the scenario.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="python">The Python interpreter for the workers.</param>
/// <param name="error">The error of the import.</param>
internal sealed class ModuleMissingException(Scenario scenario, string python, string error) : Exception(
    $"{scenario.Name} is not measured: {error}. Install {string.Join(" and ", scenario.Modules)} for {python}; eng/python-env.sh does so.");
