using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>Computes values from the replies of several slots of one side together.</summary>
internal static class ReplyExtensions
{
    /// <summary>Returns a sample that has one value of each reply.</summary>
    public static Sample Sample<T>(this IEnumerable<T> replies, Func<T, double> value) => new(replies.Select(value));

    /// <summary>Returns the number of calls per second over all replies.</summary>
    public static double Rate<T>(this IReadOnlyCollection<T> replies)
        where T : IRate => replies.Sum(reply => reply.Calls) / replies.Sum(reply => reply.Calls / reply.Rate);

    /// <summary>Returns the mean of a cost per call over all replies, weighted by their numbers of calls.</summary>
    public static double PerCall(this IReadOnlyCollection<LoopReply> replies, Func<LoopReply, double> cost) =>
        replies.Sum(reply => cost(reply) * reply.Calls) / replies.Sum(reply => reply.Calls);

    /// <summary>Returns the durations of the calls of all replies, in milliseconds.</summary>
    public static Sample Milliseconds(this IEnumerable<TimesReply> replies) => new(replies.SelectMany(Milliseconds));

    /// <summary>Returns the durations of the calls of a reply, in milliseconds and in the order of the reply.</summary>
    public static IEnumerable<double> Milliseconds(this Reply reply) => reply.Samples.Select(microseconds => microseconds / 1000.0);
}
