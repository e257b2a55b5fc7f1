using Snakepit.Processes;

namespace Snakepit.Protocol;

/// <summary>Everything in which one transport differs from another.</summary>
/// <param name="Name">Its name on the command line of Python processes.</param>
/// <param name="Requirements">What the Python interpreter must have.</param>
/// <param name="Open">Opens the stream to a worker. Takes its endpoint and the largest payload in bytes.</param>
/// <param name="WarmUp">Called before the first Python process starts: prepares in the background what the first stream will need.</param>
internal sealed record TransportDescriptor(string Name, PythonRequirements Requirements, Func<string, int, ITransport> Open, Action WarmUp);
