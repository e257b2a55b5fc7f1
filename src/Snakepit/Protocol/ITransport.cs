using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>
/// An open stream of protocol frames to and from one worker. A frame is one message of <c>protos/snakepit/v1/worker.proto</c>.
/// </summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>
    /// The maximum size of a frame without its payload, and of a list of tools, in bytes. A transport accepts frames up to the payload
    /// limit plus this number. <see cref="Payloads.PayloadCodec"/> and Python check that the payload alone keeps to its limit.
    /// </summary>
    const int FrameOverhead = 1024 * 1024;

    /// <summary>The number of frames sent and received.</summary>
    long Frames { get; }

    /// <summary>
    /// Sends a frame after all frames that were given to this method earlier. Does not wait until the frame has been sent. Does nothing if
    /// the stream is broken, which ends <see cref="ReadAsync"/>.
    /// </summary>
    void Send(HostFrame frame);

    /// <summary>Closes the sending half of the stream when all frames have been sent. No frame may be sent afterwards.</summary>
    void Complete();

    /// <summary>Handles the frames that arrive, one after the other, until the stream ends or breaks.</summary>
    /// <param name="handle">
    /// Handles one frame. Returns the call that the frame completes, if any. The transport then notifies the caller of that call, but never
    /// lets the caller's code run on a thread that still has frames to handle.
    /// </param>
    /// <exception cref="BadFrameException">The worker has sent something that is not a valid frame.</exception>
    Task ReadAsync(Func<WorkerFrame, CompletedCall> handle);
}
