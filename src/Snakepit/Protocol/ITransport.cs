using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>An open stream of frames to and from one worker.</summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>
    /// The most bytes of a frame beside its payload, and the most bytes of a list of tools. Frames are limited to the payload limit plus
    /// this; <see cref="Payloads.PayloadCodec"/> and Python check the payloads themselves.
    /// </summary>
    const int FrameOverhead = 1024 * 1024;

    /// <summary>Frames sent and received.</summary>
    long Frames { get; }

    /// <summary>
    /// Sends a frame, in order with other frames, and returns without waiting for it. On a broken stream it does nothing; that the stream
    /// is broken shows in the end of <see cref="ReadAsync"/>.
    /// </summary>
    void Send(HostFrame frame);

    /// <summary>Closes the sending half of the stream: no frame follows.</summary>
    void Complete();

    /// <summary>Handles the arriving frames, one after the other, until the stream ends or breaks.</summary>
    /// <param name="handle">
    /// Handles a frame. Returns the call that it completes, whose caller is notified once the wait for the next frame has begun.
    /// </param>
    /// <exception cref="BadFrameException">The worker has sent something that is not a valid frame.</exception>
    Task ReadAsync(Func<WorkerFrame, CompletedCall> handle);
}
