namespace Snakepit.Tests.Functional.Sessions;

/// <summary>
/// What the tool <c>session_of</c> returns: the key of the session, whether the call runs on the session's own worker, and the state that
/// the session has there.
/// </summary>
internal sealed record SessionInfo(string Key, bool Home, Dictionary<string, int> State);

/// <summary>What the tool <c>session_add</c> returns: how often it was called in the session, and the process id of its worker.</summary>
internal sealed record SessionTotal(int Total, int Pid);
