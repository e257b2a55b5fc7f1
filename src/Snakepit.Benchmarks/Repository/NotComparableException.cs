namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Thrown when a comparison is impossible, for example because there is no pin, or because the pinned commit cannot be built or lacks what
/// should be compared.
/// </summary>
/// <param name="reason">What is missing, with the revisions and paths involved.</param>
/// <param name="remedy">What the user can do about it.</param>
/// <param name="innerException">The exception that caused this one, if any.</param>
internal class NotComparableException(string reason, string remedy, Exception? innerException = null)
    : Exception($"Not comparable: {reason}. To mend it: {remedy}.", innerException);
