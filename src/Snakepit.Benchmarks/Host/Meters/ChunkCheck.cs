namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Checks that the numbered chunks of a stream come in their order, and that none is lost.</summary>
/// <param name="chunks">The number of chunks of the stream.</param>
internal sealed class ChunkCheck(int chunks)
{
    /// <summary>The number of chunks that have come.</summary>
    public int Read { get; private set; }

    /// <summary>Throws if a chunk is not the next one.</summary>
    public void Take(int number)
    {
        if (number != Read + 1 || number > chunks)
        {
            throw new InvalidOperationException($"Chunk {number} of {chunks} has followed chunk {Read}.");
        }

        Read = number;
    }

    /// <summary>Throws if the stream has ended early.</summary>
    public void RequireAll()
    {
        if (Read != chunks)
        {
            throw new InvalidOperationException($"A stream of {chunks} chunks has ended after {Read}.");
        }
    }
}
