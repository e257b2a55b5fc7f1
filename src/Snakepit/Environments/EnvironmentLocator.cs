using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>Finds the interpreter of the environment that the options of a pool select.</summary>
internal static class EnvironmentLocator
{
    /// <summary>Returns the path of the interpreter; makes its environment first, if it has to be made.</summary>
    /// <param name="options">The options of the pool or template.</param>
    /// <param name="needs">What workers need of the interpreter.</param>
    /// <param name="cancellationToken">Ends the search, or the making.</param>
    /// <exception cref="PoolStartException">There is no such environment, it lacks what workers need, or it cannot be made.</exception>
    public static Task<string> LocateAsync(SnakepitOptions options, PythonRequirements needs, CancellationToken cancellationToken) =>
        options.Environment switch
        {
            null => PythonLocator.LocateAsync(options.PythonPath, needs, cancellationToken),
            InterpreterEnvironment named => PythonLocator.FittingAsync(
                named.Path, $"{nameof(PythonEnvironment)}.{nameof(PythonEnvironment.FromInterpreter)}", needs, cancellationToken),
            VirtualEnvironment existing => InAsync(NamedPath.Find(existing.Directory), needs, cancellationToken),
            RequirementsEnvironment wanted => EnvironmentMaker.FindOrMakeAsync(wanted, options, needs, cancellationToken),
            var other => throw new ArgumentException($"{other.GetType()} is no environment that a factory of the base class makes."),
        };

    private static Task<string> InAsync(string directory, PythonRequirements needs, CancellationToken cancellationToken)
    {
        const string Where = $"{nameof(PythonEnvironment)}.{nameof(PythonEnvironment.FromVirtualEnvironment)}";
        var interpreter = Path.Combine(directory, "bin", "python3");
        var problem = !Path.Exists(directory) ? "does not exist"
            : !Directory.Exists(directory) ? "is a file"
            : !File.Exists(Path.Combine(directory, "pyvenv.cfg")) ? "is no virtual environment: it has no file pyvenv.cfg"
            : FileFacts.IsFile(interpreter) ? null
            : new FileInfo(interpreter).LinkTarget is { } target
                ? $"is broken: its bin/python3 is a link to '{target}', which does not exist"
            : "is broken: it has no bin/python3";
        return problem is null
            ? PythonLocator.FittingAsync(interpreter, Where, needs, cancellationToken)
            : throw new PythonNotFoundException($"{Where} names '{directory}', which {problem}. Make it: python3 -m venv {directory}");
    }
}
