using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>The stream of frames to and from one worker, open.</summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>
    /// What a frame holds beside its payload, or the list of tools, in bytes at most; the limit itself is kept by those who make payloads.
    /// </summary>
    const int FrameOverhead = 1024 * 1024;

    /// <summary>How many frames have gone either way.</summary>
    long Frames { get; }

    /// <summary>
    /// Sends a frame after those that were sent before, and does not wait for it. A stream that is broken takes it too: the end of
    /// <see cref="ReadAsync"/> tells that.
    /// </summary>
    void Send(HostFrame frame);

    /// <summary>Ends this half of the stream: no frame follows.</summary>
    void Complete();

    /// <summary>Gives out every frame that arrives, one after the other, until the stream ends or breaks.</summary>
    /// <param name="take">Serves a frame, and returns the answer in it: its caller is told when the next frame is waited for.</param>
    /// <exception cref="BadFrameException">The worker has sent what is no frame.</exception>
    Task ReadAsync(Func<WorkerFrame, Answer> take);
}
