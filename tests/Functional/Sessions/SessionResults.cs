namespace Snakepit.Tests.Functional.Sessions;

/// <summary>
/// The result of the tool <c>session_of</c>: the key of the session, whether the call ran on the session's own worker, and the state that
/// the session has on the worker that ran the call.
/// </summary>
internal sealed record SessionInfo(string Key, bool Home, Dictionary<string, int> State);

/// <summary>
/// The result of the tool <c>session_add</c>: a total that each call in the session raises by one, and the process id of the worker.
/// </summary>
internal sealed record SessionTotal(int Total, int Pid);
