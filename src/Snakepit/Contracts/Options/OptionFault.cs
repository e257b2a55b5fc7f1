namespace Snakepit;

/// <summary>An option of a pool that is missing or out of range; see <see cref="SnakepitOptions.FindFaults"/>.</summary>
/// <param name="Option">The name of the option, behind the name of its group if it has one: <c>Heartbeat.Interval</c>.</param>
/// <param name="Value">The value of the option.</param>
/// <param name="Rule">What the option must be, such as "from 1 to 1,024".</param>
public sealed record OptionFault(string Option, object? Value, string Rule);
