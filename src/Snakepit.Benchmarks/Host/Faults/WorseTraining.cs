namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: a model learns from the same few texts in every epoch, instead of all. It tells one language fewer rightly than without the
/// fault, which is still more than the least that the slot accepts.
/// </summary>
internal sealed class WorseTraining() : SourceFault(
    new SourcePatch("adapters/showcase/softmax.py", "random.permutation(len(labels))", "np.arange(14)"));
