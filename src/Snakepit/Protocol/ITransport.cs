using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>
/// An open stream of protocol frames to and from one worker. A frame is one message of <c>protos/snakepit/v1/worker.proto</c>.
/// </summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>
    /// The maximum size of a frame without its payload, and of a list of tools, in bytes. A transport accepts frames up to the payload
    /// limit plus this number. <see cref="Payloads.PayloadCodec"/> and Python check the payloads themselves.
    /// </summary>
    const int FrameOverhead = 1024 * 1024;

    /// <summary>The number of frames sent and received.</summary>
    long Frames { get; }

    /// <summary>
    /// Sends a frame, in order with other frames, and returns without waiting until it is sent. Does nothing if the stream is broken. In
    /// that case, <see cref="ReadAsync"/> ends.
    /// </summary>
    void Send(HostFrame frame);

    /// <summary>Closes the sending half of the stream. No frame may be sent after it.</summary>
    void Complete();

    /// <summary>Handles the frames that arrive, one after the other, until the stream ends or breaks.</summary>
    /// <param name="handle">
    /// Handles one frame. Returns the call that the frame completes, if any. The transport notifies the caller of that call once it has
    /// begun to wait for the next frame.
    /// </param>
    /// <exception cref="BadFrameException">The worker has sent something that is not a valid frame.</exception>
    Task ReadAsync(Func<WorkerFrame, CompletedCall> handle);
}
