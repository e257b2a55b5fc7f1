using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>What the replies of several slots of one side say together.</summary>
internal static class ReplyExtensions
{
    /// <summary>One value of each reply.</summary>
    public static Sample Sample<T>(this IEnumerable<T> replies, Func<T, double> value) => new(replies.Select(value));

    /// <summary>Calls a second over all replies.</summary>
    public static double Rate<T>(this IReadOnlyCollection<T> replies)
        where T : IRate => replies.Sum(reply => reply.Calls) / replies.Sum(reply => reply.Calls / reply.Rate);

    /// <summary>A cost of a call over all replies.</summary>
    public static double PerCall(this IReadOnlyCollection<LoopReply> replies, Func<LoopReply, double> cost) =>
        replies.Sum(reply => cost(reply) * reply.Calls) / replies.Sum(reply => reply.Calls);

    /// <summary>The times of all replies' calls.</summary>
    public static Sample Milliseconds(this IEnumerable<TimesReply> replies) => new(replies.SelectMany(Milliseconds));

    /// <summary>The times of a reply's calls, in the order in which the reply has them.</summary>
    public static IEnumerable<double> Milliseconds(this Reply reply) => reply.Samples.Select(microseconds => microseconds / 1000.0);
}
