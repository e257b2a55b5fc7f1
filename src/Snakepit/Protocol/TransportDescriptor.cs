using Snakepit.Processes;

namespace Snakepit.Protocol;

/// <summary>Describes one transport: everything that the rest of the library needs to know about it.</summary>
/// <param name="Name">The name of the transport on the command line of Python processes.</param>
/// <param name="Requirements">The packages that the Python interpreter must have.</param>
/// <param name="Open">Opens the stream to a worker. Takes the worker's endpoint and the maximum size of a payload in bytes.</param>
/// <param name="WarmUp">Prepares in the background for the first stream to a worker. Called before the first Python process starts.</param>
internal sealed record TransportDescriptor(string Name, PythonRequirements Requirements, Func<string, int, ITransport> Open, Action WarmUp);
