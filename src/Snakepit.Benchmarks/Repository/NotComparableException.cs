namespace Snakepit.Benchmarks.Repository;

/// <summary>There is no pinned revision to compare with, or it cannot be built, or it lacks what should be compared.</summary>
/// <param name="reason">What is missing, with the revisions and paths involved.</param>
/// <param name="remedy">What to do about it.</param>
/// <param name="innerException">What was thrown below, if anything.</param>
internal sealed class NotComparableException(string reason, string remedy, Exception? innerException = null)
    : Exception($"Not comparable: {reason}. To mend it: {remedy}.", innerException);
