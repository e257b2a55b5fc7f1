namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// What goes wrong on purpose in a host, so that a validation can see that the gate finds it. Each kind overrides what it spoils; this
/// class spoils nothing. The pool itself has no code for faults.
/// </summary>
internal class InjectedFault
{
    /// <summary>Nothing goes wrong.</summary>
    public static InjectedFault None { get; } = new();

    /// <summary>How many workers a pool is started with if that many are asked for.</summary>
    public virtual int WorkersOf(int asked) => asked;

    /// <summary>The options that a pool is started with.</summary>
    public virtual SnakepitOptions Of(SnakepitOptions options) => options;

    /// <summary>Makes a ping.</summary>
    public virtual Task PingAsync(SnakepitPool pool) => pool.ExecuteAsync("ping");
}
