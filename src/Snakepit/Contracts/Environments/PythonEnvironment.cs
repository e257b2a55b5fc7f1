namespace Snakepit;

/// <summary>
/// The Python environment of a pool: an interpreter, and the packages that it can import. Each pool may have its own. Relative paths of
/// files and folders are looked for in the working directory, then in the program's directory.
/// </summary>
public abstract record PythonEnvironment
{
    private protected PythonEnvironment()
    {
    }

    /// <summary>
    /// A virtual environment into which pip installs what a requirements file lists. It is made at the first start that needs it, which
    /// may take minutes, and kept in a cache folder. Change its options by a <c>with</c> expression.
    /// </summary>
    /// <param name="requirements">The path of the requirements file.</param>
    public static RequirementsEnvironment FromRequirements(string requirements)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(requirements);
        return new RequirementsEnvironment { Requirements = requirements };
    }

    /// <summary>
    /// The environment of an interpreter. In contrast to <see cref="SnakepitOptions.PythonPath"/>, the interpreter is asked before any
    /// worker starts whether it is new enough and has the packages that workers need.
    /// </summary>
    /// <param name="path">The interpreter, as a path or as a name to look up on PATH.</param>
    public static PythonEnvironment FromInterpreter(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new InterpreterEnvironment(path);
    }

    /// <summary>A virtual environment that exists, whichever tool has made it. It is checked before any worker starts.</summary>
    /// <param name="directory">The directory of the environment, which has the file <c>pyvenv.cfg</c>.</param>
    public static PythonEnvironment FromVirtualEnvironment(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return new VirtualEnvironment(directory);
    }
}
