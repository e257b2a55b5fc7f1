namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: the training of a model ends each epoch after its first rows, so that the model is wrong more often.</summary>
internal sealed class WorseTraining() : SourceFault(
    new SourcePatch("adapters/showcase/softmax.py", "range(0, len(order), _BATCH)", "range(0, 1, _BATCH)"));
