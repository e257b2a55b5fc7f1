namespace Snakepit.Benchmarks.Rounds;

/// <summary>Thrown when the measurements of a session cannot be trusted.</summary>
internal sealed class SessionException(string message) : Exception(message);
