namespace Snakepit;

/// <summary>See <see cref="PythonEnvironment.FromInterpreter"/>.</summary>
internal sealed record InterpreterEnvironment(string Path) : PythonEnvironment;

/// <summary>See <see cref="PythonEnvironment.FromVirtualEnvironment"/>.</summary>
internal sealed record VirtualEnvironment(string Directory) : PythonEnvironment;
