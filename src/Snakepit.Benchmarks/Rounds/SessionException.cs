namespace Snakepit.Benchmarks.Rounds;

/// <summary>What was measured cannot be trusted.</summary>
internal sealed class SessionException(string message) : Exception(message);
